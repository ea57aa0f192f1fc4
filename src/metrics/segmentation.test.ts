import { describe, expect, it } from 'vitest';
import { createConfusion, scoreSegmentation } from './segmentation.ts';
import { createConfusionCounter } from './confusionCounter.ts';

/** Confusion of one image. */
function counted(prototypes: number, labels: readonly number[], mask: readonly number[]) {
  const counter = createConfusionCounter(prototypes);
  counter.add(labels, mask);
  return counter.result().confusion;
}

describe('scoreSegmentation', () => {
  it('matches a hand-computed case with more prototypes than classes', () => {
    // Prototype 0: 4 of class 0 · prototype 1: 1 of class 0, 3 of class 1 · prototype 2: 2 of class 0.
    const confusion = counted(3, [0, 0, 0, 0, 1, 1, 1, 1, 2, 2], [0, 0, 0, 0, 0, 1, 1, 1, 0, 0]);
    const scores = scoreSegmentation(confusion);
    // Matched: 0→0 with 4/7, 1→1 with 3/4; prototype 2 stays unmatched and its pixels are wrong.
    expect(scores.miou).toBeCloseTo((4 / 7 + 3 / 4) / 2, 12);
    expect(scores.pixelAccuracy).toBeCloseTo(0.7, 12);
    // Majority: 0 and 2 stand for class 0 together, 6/7; 1 for class 1, 3/4.
    expect(scores.majorityMiou).toBeCloseTo((6 / 7 + 3 / 4) / 2, 12);
    expect(scores.majorityPixelAccuracy).toBeCloseTo(0.9, 12);
    expect(scores.used).toBe(3);
    expect(scores.perClass).toEqual([
      { class: 0, share: 0.7, prototype: 0, iou: 4 / 7, majorityIou: 6 / 7 },
      { class: 1, share: 0.3, prototype: 1, iou: 3 / 4, majorityIou: 3 / 4 },
    ]);
    const h = (...fractions: number[]): number =>
      fractions.reduce((sum, fraction) => sum - fraction * Math.log(fraction), 0);
    const [prototypes, classes, joint] = [h(0.4, 0.4, 0.2), h(0.7, 0.3), h(0.4, 0.1, 0.3, 0.2)];
    expect(scores.nmi).toBeCloseTo((prototypes + classes - joint) / ((prototypes + classes) / 2), 12);
  });

  it('counts a class without a prototype as 0 and ignores one that does not occur', () => {
    const confusion = createConfusion(1, 3);
    confusion.counts.set([3, 0, 1]);
    const scores = scoreSegmentation(confusion);
    expect(scores.miou).toBeCloseTo(0.75 / 2, 12);
    expect(scores.pixelAccuracy).toBe(0.75);
    expect(scores.nmi).toBe(0);
    expect(scores.perClass[2]).toEqual({ class: 2, share: 0.25, prototype: -1, iou: 0, majorityIou: 0 });
    expect(scores.perClass[1]).toMatchObject({ share: 0, iou: 0 });
  });

  it('maximizes IoU in the matching, not matched pixels', () => {
    const confusion = createConfusion(2, 2);
    confusion.counts.set([100, 60, 30, 0]);
    // 0→0 and 1→1 match 100 pixels with IoU 100/190 + 0; the other pairing matches only 90 but with 60/160 + 30/130.
    const scores = scoreSegmentation(confusion);
    expect(scores.miou).toBeCloseTo((60 / 160 + 30 / 130) / 2, 12);
    expect(scores.pixelAccuracy).toBeCloseTo(90 / 190, 12);
  });

  it('is 1 for a perfect renaming', () => {
    const confusion = counted(4, [3, 3, 0, 2, 2, 2], [0, 0, 1, 2, 2, 2]);
    const { perClass, used, ...fractions } = scoreSegmentation(confusion);
    for (const [name, value] of Object.entries(fractions)) expect(value, name).toBeCloseTo(1, 12);
    expect(used).toBe(3);
    expect(perClass.map(({ prototype }) => prototype)).toEqual([3, 0, 2]);
  });

  it('does not count prototypes at or below 0.5% as used', () => {
    const confusion = createConfusion(2, 1);
    confusion.counts.set([995, 5]);
    expect(scoreSegmentation(confusion).used).toBe(1);
    confusion.counts.set([994, 6]);
    expect(scoreSegmentation(confusion).used).toBe(2);
  });

  it('is NaN without pixels', () => {
    const scores = scoreSegmentation(createConfusion(2, 2));
    expect([scores.miou, scores.pixelAccuracy, scores.nmi, scores.used]).toEqual([NaN, NaN, NaN, 0]);
  });
});

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readSafetensors, type StoredTensor } from '../checkpoint/safetensors.ts';
import { segmentScores, topImages, upsampleArgmax } from './nearest.ts';

describe('the published viewer', () => {
  const { tensors } = readSafetensors(readFileSync(new URL('../testing/goldens/viz.safetensors', import.meta.url)));
  const stored = (name: string): StoredTensor => tensors.get(name) as StoredTensor;
  const [images, prototypes, height, width] = stored('dots').shape;
  const shape = { images, prototypes, height, width };
  const dots = toCellsFirst(stored('dots').data as Float32Array, shape);

  it('scores', () => {
    const expected = stored('scores').data as Float32Array;
    const scores = segmentScores(dots, shape);
    expect(scores.length).toBe(expected.length);
    expect(Math.max(...scores.map((score, index) => Math.abs(score - expected[index])))).toBeLessThan(2e-6);
  });

  it('nearest images of every prototype', () => {
    const expected = Array.from(stored('idxs').data as BigInt64Array, Number);
    expect(topImages(segmentScores(dots, shape), prototypes, 5).flat()).toEqual(expected);
  });

  it('upsampled argmax of the best image for slot 3', () => {
    const best = Number((stored('idxs').data as BigInt64Array)[3 * 5]);
    const size = height * width * prototypes;
    const labels = upsampleArgmax(dots.subarray(best * size, (best + 1) * size), prototypes, height, width, 56, 56);
    expect([...labels]).toEqual([...(stored('upsampled_argmax_slot3_top1').data as Uint8Array)]);
  });
});

describe('upsampleArgmax', () => {
  it('puts the border half-way between two cells and the first of ties first', () => {
    const dots = Float32Array.of(1, 0, 0, 1); // 1 × 2 cells, 2 prototypes
    expect([...upsampleArgmax(dots, 2, 1, 2, 1, 4)]).toEqual([0, 0, 1, 1]);
    // The middle of three pixels sees both at 0.5.
    expect([...upsampleArgmax(dots, 2, 1, 2, 2, 3)]).toEqual([0, 0, 1, 0, 0, 1]);
  });

  it('keeps the cells at their own size, whatever the sign', () => {
    const dots = Float32Array.of(-3, -1, -2, -5, -4, -6, -9, -8, -7, -1, -1, -1); // 2 × 2 cells, 3 prototypes
    expect([...upsampleArgmax(dots, 3, 2, 2, 2, 2)]).toEqual([1, 1, 2, 0]);
  });

  it('one cell colours everything', () => {
    expect([...upsampleArgmax(Float32Array.of(0, 2, 1), 3, 1, 1, 2, 2)]).toEqual([1, 1, 1, 1]);
  });
});

describe('segmentScores', () => {
  it('a prototype that wins nowhere scores its mean over the image', () => {
    const scores = segmentScores(Float32Array.of(0.9, 0.1, 0.7, 0.5), {
      images: 1,
      height: 1,
      width: 2,
      prototypes: 2,
    });
    expect(scores[0]).toBeCloseTo(0.8, 6);
    expect(scores[1]).toBeCloseTo(0.3, 6);
  });

  it('equal scores keep the order of the images', () => {
    expect(topImages(Float32Array.of(0.5, 0.9, 0.5, 0.1), 1, 3)).toEqual([[1, 0, 2]]);
  });
});

/** [n,K,h,w] → [n,h,w,K] */
function toCellsFirst(
  dots: Float32Array,
  { images, prototypes, height, width }: { images: number; prototypes: number; height: number; width: number },
): Float32Array {
  const cells = height * width;
  const moved = new Float32Array(dots.length);
  for (let image = 0; image < images; image++)
    for (let prototype = 0; prototype < prototypes; prototype++)
      for (let cell = 0; cell < cells; cell++)
        moved[(image * cells + cell) * prototypes + prototype] = dots[(image * prototypes + prototype) * cells + cell];
  return moved;
}

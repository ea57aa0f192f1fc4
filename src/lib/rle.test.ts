import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countsFromText, countsToText, paintCounts, regionsOf } from './rle.ts';

describe('regionsOf', () => {
  it('runs down the columns, starting with a run outside', () => {
    // 0 1 1
    // 0 0 1
    const labels = Uint16Array.of(0, 1, 1, 0, 0, 1);
    expect(regionsOf(labels, 3, 2)).toEqual([
      { label: 0, counts: [0, 2, 1, 1, 2], area: 3, box: [0, 0, 2, 2] },
      { label: 1, counts: [2, 1, 1, 2], area: 3, box: [1, 0, 2, 2] },
    ]);
  });
  it('has tight boxes for runs within a column and across columns', () => {
    const labels = Uint16Array.of(9, 9, 9, 4, 9, 4, 9, 9, 9, 9, 9, 9);
    const four = regionsOf(labels, 3, 4).find(({ label }) => label === 4);
    expect(four).toEqual({ label: 4, counts: [1, 1, 7, 1, 2], area: 2, box: [0, 1, 3, 1] });
  });
  it('returns one region for one label, and none without pixels', () => {
    expect(regionsOf(new Uint16Array(6).fill(7), 2, 3)).toEqual([
      { label: 7, counts: [0, 6], area: 6, box: [0, 0, 2, 3] },
    ]);
    expect(regionsOf(new Uint16Array(0), 0, 0)).toEqual([]);
  });
});

it('writes counts as pycocotools does', () => {
  // pycocotools 2.0: a 2×2 square in 5×4, ones alone in 1000×1000, runs of very different lengths in 200×100.
  const known: [number[], string][] = [
    [[6, 2, 3, 2, 7], '62304'],
    [[0, 1_000_000], '0Pb`n0'],
    [[100, 900, 40, 3, 700, 2, 18_255], 'T3Tl0X1oSOdd0OcTa0'],
  ];
  for (const [counts, text] of known) {
    expect(countsToText(counts)).toBe(text);
    expect(countsFromText(text)).toEqual(counts);
  }
});

const labelMap = fc
  .tuple(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 12 }))
  .chain(([width, height]) =>
    fc
      .array(fc.nat(3), { minLength: width * height, maxLength: width * height })
      .map((labels) => ({ width, height, labels: Uint16Array.from(labels) })),
  );

it('round-trips random label maps, with correct area and box', () => {
  fc.assert(
    fc.property(labelMap, ({ width, height, labels }) => {
      const painted = { width, height, labels: new Uint16Array(width * height).fill(99) };
      for (const { label, counts, area, box } of regionsOf(labels, width, height)) {
        const read = countsFromText(countsToText(counts));
        expect(read).toEqual(counts);
        paintCounts(read, painted, label);
        const at = [...labels.keys()].filter((pixel) => labels[pixel] === label);
        const [xs, ys] = [at.map((pixel) => pixel % width), at.map((pixel) => Math.floor(pixel / width))];
        const [left, top] = [Math.min(...xs), Math.min(...ys)];
        expect(area).toBe(at.length);
        expect(box).toEqual([left, top, Math.max(...xs) - left + 1, Math.max(...ys) - top + 1]);
      }
      expect(painted.labels).toEqual(labels);
    }),
    { seed: 1 },
  );
});

import { expect, it } from 'vitest';
import { countsFromText, countsToText } from './rle.ts';

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

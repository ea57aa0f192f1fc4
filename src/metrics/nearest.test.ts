import { describe, expect, it } from 'vitest';
import { segmentScores, topImages, upsampleArgmax } from './nearest.ts';

describe('upsampleArgmax', () => {
  it('puts the border half-way between two cells and the first of ties first', () => {
    const dots = Float32Array.of(1, 0, 0, 1); // 1 × 2 cells, 2 prototypes
    expect([...upsampleArgmax(dots, 2, 1, 2, 1, 4)]).toEqual([0, 0, 1, 1]);
    // The middle of three pixels interpolates both at 0.5.
    expect([...upsampleArgmax(dots, 2, 1, 2, 2, 3)]).toEqual([0, 0, 1, 0, 0, 1]);
  });

  it('is the argmax of each cell at the original size, also for negative dots', () => {
    const dots = Float32Array.of(-3, -1, -2, -5, -4, -6, -9, -8, -7, -1, -1, -1); // 2 × 2 cells, 3 prototypes
    expect([...upsampleArgmax(dots, 3, 2, 2, 2, 2)]).toEqual([1, 1, 2, 0]);
  });

  it('fills the image from a single cell', () => {
    expect([...upsampleArgmax(Float32Array.of(0, 2, 1), 3, 1, 1, 2, 2)]).toEqual([1, 1, 1, 1]);
  });
});

describe('segmentScores', () => {
  it('is the mean over the image for a prototype that wins nowhere', () => {
    const scores = segmentScores(Float32Array.of(0.9, 0.1, 0.7, 0.5), {
      images: 1,
      height: 1,
      width: 2,
      prototypes: 2,
    });
    expect(scores[0]).toBeCloseTo(0.8, 6);
    expect(scores[1]).toBeCloseTo(0.3, 6);
  });

  it('ranks equal scores in the order of the images', () => {
    expect(topImages(Float32Array.of(0.5, 0.9, 0.5, 0.1), 1, 3)).toEqual([[1, 0, 2]]);
  });
});

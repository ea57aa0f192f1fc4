import { describe, expect, it } from 'vitest';
import { segmentScores, topImages } from './nearest.ts';

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

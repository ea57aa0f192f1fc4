import { expect, it } from 'vitest';
import { createRandom } from '../lib/random.ts';
import { createSegmentIndex } from './segmentIndex.ts';

const DIMENSIONS = 16;

it('finds the segments of an exact search, up to the quantization error', () => {
  const random = createRandom('index');
  const vectors = Array.from({ length: 5000 }, () => Float32Array.from({ length: DIMENSIONS }, () => random.normal()));
  const index = createSegmentIndex(DIMENSIONS, 10_000);
  vectors.forEach((vector, at) => index.add({ image: Math.floor(at / 2), prototype: at % 2 }, vector));
  expect(index.count).toBe(5000);
  const cosine = (a: Float32Array, b: Float32Array): number => {
    const dot = (x: Float32Array, y: Float32Array): number => x.reduce((sum, value, d) => sum + value * y[d], 0);
    return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
  };
  // Also across the border of two chunks.
  for (const query of [0, 4097]) {
    const exact = vectors.map((vector) => cosine(vectors[query], vector));
    const best = exact
      .map((_, at) => at)
      .filter((at) => at !== query)
      .sort((a, b) => exact[b] - exact[a]);
    const neighbors = index.nearest({ image: Math.floor(query / 2), prototype: query % 2 }, 24);
    expect(neighbors).toHaveLength(24);
    for (const { image, prototype, cosine: found } of neighbors) {
      expect(Math.abs(found - exact[2 * image + prototype])).toBeLessThan(0.02);
      expect(exact[2 * image + prototype]).toBeGreaterThan(exact[best[23]] - 0.02);
    }
  }
});

it('ignores segments beyond its capacity, and finds nothing for them', () => {
  const index = createSegmentIndex(2, 1);
  index.add({ image: 0, prototype: 3 }, Float32Array.of(1, 0));
  index.add({ image: 1, prototype: 3 }, Float32Array.of(1, 0));
  expect([index.count, index.nearest({ image: 1, prototype: 3 }, 5)]).toEqual([1, []]);
});

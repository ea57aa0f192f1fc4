import { describe, expect, it } from 'vitest';
import { createRandom } from '../lib/random.ts';
import { effectiveRank } from './effectiveRank.ts';
import { spreadOf } from './spread.ts';

/** Isotropic Gaussian features in the first `filled` channels, 0 in the others. */
function cloud(cells: number, channels: number, filled: number): Float32Array {
  const random = createRandom(`${cells}/${channels}/${filled}`);
  return Float32Array.from({ length: cells * channels }, (_, at) => (at % channels < filled ? random.normal() : 0));
}

describe('spread and effective rank', () => {
  it('has deviation 0 and rank 1 for features that differ only in length', () => {
    const channels = 6;
    const same = Float32Array.from(
      { length: 40 * channels },
      (_, at) => (1 + Math.floor(at / channels)) * Math.sin(at % channels),
    );
    expect(spreadOf(same, channels)).toBeLessThan(1e-3);
    expect(effectiveRank(same, channels)).toBeCloseTo(1, 4);
  });

  it('has deviation 1 and full rank for isotropic features', () => {
    const features = cloud(4000, 16, 16);
    expect(spreadOf(features, 16)).toBeCloseTo(1, 1);
    expect(effectiveRank(features, 16)).toBeGreaterThan(15.8);
    expect(effectiveRank(features, 16)).toBeLessThanOrEqual(16 + 1e-9);
  });

  it('has the rank of the subspace that the features span', () => {
    expect(effectiveRank(cloud(3000, 32, 5), 32)).toBeCloseTo(5, 1);
    // More channels than cells, and more than the max size of an eigenproblem: by the inner products of cells.
    expect(effectiveRank(cloud(100, 120, 3), 120)).toBeCloseTo(3, 0);
    expect(effectiveRank(cloud(600, 300, 4), 300)).toBeCloseTo(4, 0);
  });

  it('agrees between moments and inner products', () => {
    // Two orthogonal directions, one four times as frequent: singular values 2 : 1.
    const cells = [0, 0, 0, 0, 1];
    const expected = Math.exp(-(2 / 3) * Math.log(2 / 3) - (1 / 3) * Math.log(1 / 3));
    for (const channels of [2, 5, 40]) {
      const features = new Float32Array(cells.length * channels);
      cells.forEach((direction, cell) => (features[cell * channels + direction] = 1 + cell));
      expect(effectiveRank(features, channels), `${channels} channels`).toBeCloseTo(expected, 6);
    }
  });

  it('is NaN for features that are not finite', () => {
    const broken = Float32Array.of(1, 2, NaN, 4);
    expect([spreadOf(broken, 2), effectiveRank(broken, 2)]).toEqual([NaN, NaN]);
  });
});

import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { unitRows } from './spread.ts';

/** Max size of the eigenproblem; with more channels, inner products of this many cells replace the moments. */
const MAX_EIGENVALUES = 256;

/**
 * Effective rank of features [n,D], each normalized to length 1: 1…D, NaN if any isn't finite (Roy & Vetterli 2007; for
 * embeddings: RankMe, Garrido et al. 2023). It is exp of the entropy of the singular values over their sum. The features are
 * not centered, so that identical features have rank 1.
 */
export function effectiveRank(features: Float32Array, channels: number): number {
  const cells = features.length / channels;
  const unit = unitRows(features, channels);
  if (!unit.every(Number.isFinite)) return NaN;
  const square =
    channels <= Math.min(cells, MAX_EIGENVALUES) ? moments(unit, channels) : products(unit, cells, channels);
  const { realEigenvalues } = new EigenvalueDecomposition(square, { assumeSymmetric: true });
  const singular = realEigenvalues.map((value) => Math.sqrt(Math.max(0, value)));
  const total = singular.reduce((sum, value) => sum + value, 0);
  // Rounding errors of a singular value of 0 must not count as a direction.
  const fractions = singular.map((value) => value / total).filter((fraction) => fraction > 1e-6);
  return Math.exp(-fractions.reduce((sum, fraction) => sum + fraction * Math.log(fraction), 0));
}

/** ẐᵀẐ: [D,D] */
function moments(unit: Float64Array, channels: number): Matrix {
  const square = new Matrix(channels, channels);
  const row = new Float64Array(channels);
  for (let i = 0; i < channels; i++) {
    row.fill(0);
    for (let start = 0; start < unit.length; start += channels) {
      const weight = unit[start + i];
      for (let j = i; j < channels; j++) row[j] += weight * unit[start + j];
    }
    for (let j = i; j < channels; j++) square.set(i, j, row[j]).set(j, i, row[j]);
  }
  return square;
}

/** ẐẐᵀ of evenly spaced cells, with the same nonzero eigenvalues: [n,n] */
function products(unit: Float64Array, cells: number, channels: number): Matrix {
  const count = Math.min(cells, MAX_EIGENVALUES);
  const rows = Array.from({ length: count }, (_, at) => {
    const start = Math.floor((at * cells) / count) * channels;
    return unit.subarray(start, start + channels);
  });
  const square = new Matrix(count, count);
  rows.forEach((one, i) => {
    for (let j = 0; j <= i; j++) {
      const product = one.reduce((sum, value, channel) => sum + value * rows[j][channel], 0);
      square.set(i, j, product).set(j, i, product);
    }
  });
  return square;
}

import { EigenvalueDecomposition, Matrix } from 'ml-matrix';

/** Spread of features over directions. */
export interface Spread {
  /** Mean over channels of the standard deviation over cells, times √D: 1 if they point everywhere, 0 if one way. */
  readonly std: number;
  /** Effective rank, 1…D (Roy & Vetterli 2007; for embeddings: RankMe, Garrido et al. 2023). */
  readonly effectiveRank: number;
}

/** Max size of the eigenproblem; with more channels, inner products of this many cells replace the moments. */
const MAX_EIGENVALUES = 256;

/** Spread of features [n,D], each normalized to length 1. NaN if any feature isn't finite. */
export function spreadOf(features: Float32Array, channels: number): Spread {
  const cells = features.length / channels;
  const unit = unitRows(features, channels);
  if (!unit.every(Number.isFinite)) return { std: NaN, effectiveRank: NaN };
  let deviations = 0;
  for (let channel = 0; channel < channels; channel++) {
    let [sum, squares] = [0, 0];
    for (let at = channel; at < unit.length; at += channels) {
      sum += unit[at];
      squares += unit[at] ** 2;
    }
    deviations += Math.sqrt(Math.max(0, squares / cells - (sum / cells) ** 2));
  }
  return { std: (deviations / channels) * Math.sqrt(channels), effectiveRank: effectiveRank(unit, cells, channels) };
}

/**
 * exp of the entropy of the singular values over their sum. The features are not centered, so
 * that identical features have rank 1.
 */
function effectiveRank(unit: Float64Array, cells: number, channels: number): number {
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

function unitRows(features: Float32Array, channels: number): Float64Array {
  const unit = Float64Array.from(features);
  for (let start = 0; start < unit.length; start += channels) {
    const row = unit.subarray(start, start + channels);
    const norm = Math.max(Math.sqrt(row.reduce((sum, value) => sum + value * value, 0)), 1e-12);
    row.forEach((value, channel) => (row[channel] = value / norm));
  }
  return unit;
}

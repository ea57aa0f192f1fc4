import { argmaxAt } from './nearest.ts';

/** How prototypes share the pixels and cells of images. K prototypes. */

/** Share of all labels for each of `count` prototypes. */
export function labelShares(labels: ArrayLike<number>, count: number): Float64Array {
  const shares = new Float64Array(count);
  for (let at = 0; at < labels.length; at++) shares[labels[at]] += 1 / labels.length;
  return shares;
}

/** Entropy of shares that sum to 1, over log K: 1 if all are equal, 0 if one has everything. */
export function relativeEntropyOf(shares: Float64Array): number {
  if (shares.length < 2) return 0;
  const entropy = shares.reduce((sum, share) => (share > 0 ? sum - share * Math.log(share) : sum), 0);
  return entropy / Math.log(shares.length);
}

/** The fewest that together hold at least this part of everything. */
export function holdersOf(shares: Float64Array, part: number): number {
  let [held, holders] = [0, 0];
  for (const share of [...shares].sort((a, b) => b - a)) {
    if (held >= part - 1e-9) break;
    held += share;
    holders++;
  }
  return holders;
}

/** Sum over cells of the largest entry of softmax(dots/τ): dots [n,K]. */
export function sumOfLargestAssignments(dots: Float32Array, prototypes: number, temperature: number): number {
  let sum = 0;
  for (let start = 0; start < dots.length; start += prototypes) {
    const row = dots.subarray(start, start + prototypes);
    const most = row.reduce((largest, value) => Math.max(largest, value), -Infinity);
    // The largest of a softmax is 1 over the sum of all relative to it.
    sum += 1 / row.reduce((total, value) => total + Math.exp((value - most) / temperature), 0);
  }
  return sum;
}

/** In how many cells both choose the same prototype: dots [n,K] each. */
export function agreeingCells(one: Float32Array, other: Float32Array, prototypes: number): number {
  let agreeing = 0;
  for (let start = 0; start < one.length; start += prototypes) {
    if (argmaxAt(one, start, prototypes) === argmaxAt(other, start, prototypes)) agreeing++;
  }
  return agreeing;
}

import { argmaxAt } from './nearest.ts';

/** Distribution of pixels and cells over prototypes. K prototypes. */

/** Fraction of all labels for each of `count` prototypes. */
export function labelFractions(labels: ArrayLike<number>, count: number): Float64Array {
  const fractions = new Float64Array(count);
  for (let at = 0; at < labels.length; at++) fractions[labels[at]] += 1 / labels.length;
  return fractions;
}

/** Entropy of fractions that sum to 1, over log K: 1 if all are equal, 0 if one is 1. */
export function relativeEntropyOf(fractions: Float64Array): number {
  if (fractions.length < 2) return 0;
  const entropy = fractions.reduce((sum, fraction) => (fraction > 0 ? sum - fraction * Math.log(fraction) : sum), 0);
  return entropy / Math.log(fractions.length);
}

/** Min number of prototypes that together hold at least the fraction `part`. */
export function holdersOf(fractions: Float64Array, part: number): number {
  let [held, holders] = [0, 0];
  for (const fraction of [...fractions].sort((a, b) => b - a)) {
    if (held >= part - 1e-9) break;
    held += fraction;
    holders++;
  }
  return holders;
}

/** Sum over cells of the largest entry of softmax(dots/τ): dots [n,K]. */
export function sumOfLargestAssignments(dots: Float32Array, prototypes: number, temperature: number): number {
  let sum = 0;
  for (let start = 0; start < dots.length; start += prototypes) {
    const row = dots.subarray(start, start + prototypes);
    const max = row.reduce((largest, value) => Math.max(largest, value), -Infinity);
    // The largest entry of a softmax is 1 over the sum of all exponentials relative to it.
    sum += 1 / row.reduce((total, value) => total + Math.exp((value - max) / temperature), 0);
  }
  return sum;
}

/** Number of cells in which both choose the same prototype: dots [n,K] each. */
export function agreeingCells(one: Float32Array, other: Float32Array, prototypes: number): number {
  let agreeing = 0;
  for (let start = 0; start < one.length; start += prototypes) {
    if (argmaxAt(one, start, prototypes) === argmaxAt(other, start, prototypes)) agreeing++;
  }
  return agreeing;
}

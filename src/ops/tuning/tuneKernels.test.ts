import { expect, it } from 'vitest';
import { profileOf } from '../../gpu/adapterProfile.ts';
import { kernelCandidates, splitCandidates } from './candidates.ts';
import { fastest, type Attempt } from './tuneKernels.ts';

const CARD = profileOf({ software: false });
const USUAL = { gemm: CARD.gemm, parallelism: CARD.parallelism };
const [smaller, , , larger] = kernelCandidates(CARD);
const [fewer, more] = splitCandidates(CARD);
const attempt = (candidate: Omit<Attempt, 'ratios' | 'error'>, ratios: readonly number[], error = 0): Attempt => {
  return { ...candidate, ratios, error };
};

it('takes the fastest of each choice, whatever was tried with the others', () => {
  const chosen = fastest(USUAL, [
    attempt(smaller, [0.9, 0.91, 0.92]),
    attempt(larger, [0.8, 0.7, 0.9]),
    attempt(fewer, [1.1, 1.2, 1.3]),
    attempt(more, [0.5, 0.5, 0.5]),
  ]);
  expect(chosen.gemm).toEqual({ ...CARD.gemm, convolution: { ...CARD.gemm.convolution, rows: 128 } });
  expect(chosen.parallelism).toBe(4 * CARD.parallelism);
});

it.each<[string, readonly number[], number?]>([
  ['is not faster in every round', [0.5, 0.5, 1.01]],
  ['gains as much as noise', [0.96, 0.97, 0.96]],
  ['computes something else', [0.5, 0.5, 0.5], 1e-3],
  ['computes no numbers', [0.5, 0.5, 0.5], NaN],
  ['can’t be compiled', []],
  ['can’t be timed', [NaN, NaN, NaN]],
])('leaves a choice where a candidate %s', (_, ratios, error) => {
  expect(fastest(USUAL, [attempt(smaller, ratios, error), attempt(more, ratios, error)])).toEqual(USUAL);
});

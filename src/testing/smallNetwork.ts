import type { Config } from '../config/fields.ts';

/** A network of a few thousand weights on small images, for fast tests. */
export const SMALL_NETWORK = {
  batchSize: 2,
  workingSize: 32,
  cropSize: 32,
  width: 1 / 16,
  stages: 1,
  hiddenDim: 16,
  outDim: 8,
  prototypes: 8,
  headInitStd: 0.5,
} satisfies Partial<Config>;

/** A run of a few steps with everything in it; the CPU trains it in a tenth of a second per step. */
export const SMALL_RUN = {
  steps: 8,
  batchSize: 4,
  width: 1 / 16,
  hiddenDim: 8,
  outDim: 8,
  prototypes: 4,
  cropSize: 32,
  watchedImages: 2,
} satisfies Partial<Config>;

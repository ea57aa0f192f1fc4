import { expect, it } from 'vitest';
import { profileOf } from '../../gpu/adapterProfile.ts';
import { createCompiledEngine } from '../compiled/compiledEngine.ts';
import { tensorEngine } from '../engine.ts';
import { kernelNotes, recallKernels } from './tuning.ts';

const CARD = profileOf({ software: false });
const TUNED = 'convolution=workgroup/32 product=register/8 weightGradient=workgroup/64/scalar parallelism=1024';

/** Computes nothing. */
const engineOf = () => tensorEngine(createCompiledEngine({} as GPUDevice, CARD));

it('kernels that were measured are taken by their text, and those of another version are not', () => {
  const engine = engineOf();
  const usual = engine.kernels();
  expect(recallKernels(engine, 'convolution=wide/32')).toBe(false);
  expect(engine.kernels()).toBe(usual);
  expect(recallKernels(engine, TUNED)).toBe(true);
  expect(engine.kernels()).toBe(TUNED);
});

it('a run says that it continues one of other kernels, and only then', () => {
  const engine = engineOf();
  expect(kernelNotes(engine, '')).toEqual([]);
  expect(kernelNotes(engine, engine.kernels())).toEqual([]);
  expect(kernelNotes(engine, TUNED)).toEqual([expect.stringContaining(`other kernels (${TUNED}; here: `)]);
});

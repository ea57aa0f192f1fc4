import { describe, expect, it } from 'vitest';
import { GEMM_USES } from '../../gpu/kernelChoices.ts';
import { needsGpu, testAdapter } from '../../testing/gpu.ts';
import type { CompiledEngine } from '../compiled/compiledEngine.ts';
import { createEngine } from '../createEngine.ts';
import { fastest, tuneKernels } from './tuneKernels.ts';

describe('tuned kernels', () => {
  needsGpu();

  it('are measured for every use until the time is over, compute the same, and leave nothing behind', async () => {
    const engine = await createEngine(testAdapter);
    const core = engine.core as CompiledEngine;
    const { gemm, parallelism } = core.profile;
    // A second for each attempt.
    let seconds = 0;
    const attempts = await tuneKernels(engine, {
      software: true,
      budgetMs: 2500,
      clock: () => 1000 * seconds,
      onProgress: () => seconds++,
    });
    expect(attempts.map(({ changes }) => changes)).toEqual(GEMM_USES);
    for (const { changes, choices, ratios, error } of attempts) {
      expect(choices.gemm).not.toEqual(gemm);
      expect(
        ratios.every((ratio) => ratio > 0),
        changes,
      ).toBe(true);
      expect(ratios).toHaveLength(5);
      expect(error, changes).toBeLessThan(1e-5);
    }
    const { profile } = core;
    expect({ gemm: profile.gemm, parallelism: profile.parallelism }).toEqual(fastest({ gemm, parallelism }, attempts));
    expect(engine.tensorCount()).toBe(0);
  });
});

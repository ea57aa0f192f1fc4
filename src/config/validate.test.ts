import { describe, expect, it } from 'vitest';
import { problemOf } from '../testing/problemOf.ts';
import { DEFAULT_CONFIG } from './defaults.ts';
import type { Config } from './fields.ts';
import { makeConfig } from './parse.ts';

describe('settings that do not fit each other', () => {
  it.each<[Partial<Config>, string, string]>([
    [{ blurSigmaMin: 3 }, 'conflict', '(blurSigmaMin) 3 is more than "Max blur" (blurSigmaMax) 2'],
    [{ outputStride: 12 }, 'range', 'must be 4, 8, 16 or 32'],
    [{ width: 0.3 }, 'conflict', 'gives 19.2 base channels. Take a multiple of 1/64, such as 0.296875'],
    [{ cropSize: 32 }, 'conflict', 'a feature map of 1×1 cells'],
    [{ epochs: 5 }, 'conflict', '"Warmup epochs" (warmupEpochs) 5 leaves nothing'],
    [{ batchSize: 0 }, 'range', '"Batch size"'],
    [{ scaleLearningRate: 1 as never }, 'type', 'true or false'],
    [{ color: 1 } as never, 'unknown', '"color"'],
  ])('%j', (overrides, code, words) => {
    const found = problemOf(() => makeConfig(DEFAULT_CONFIG, overrides));
    expect(found).toContain(`config/${code} `);
    expect(found).toContain(words);
  });

  it('accepts their borders', () => {
    makeConfig(DEFAULT_CONFIG, { cropSize: 33, width: 1 / 64, blurSigmaMin: 2, steps: 21, warmupSteps: 20 });
  });
});

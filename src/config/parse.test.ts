import { describe, expect, it } from 'vitest';
import { UserError } from '../lib/errors.ts';
import type { Config } from './fields.ts';
import { presetConfig } from './presets.ts';
import {
  DEFAULT_CONFIG,
  collapseMargin,
  configFromText,
  configToText,
  configWarnings,
  makeConfig,
  parseSetting,
  resolveSchedule,
} from './parse.ts';

function problem(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof UserError) return `${error.code}: ${error.message}`;
    throw error;
  }
  return 'none';
}

describe('parseSetting', () => {
  it.each([
    ['batchSize', '32', 32],
    ['width', ' .25 ', 0.25],
    ['weightDecay', '1e-5', 1e-5],
    ['steps', '3e2', 300],
    ['optimizer', 'sgd', 'sgd'],
    ['scaleLearningRate', 'false', false],
  ])('%s=%s', (name, text, value) => {
    expect(parseSetting(name, text)).toEqual({ name, value });
  });

  it.each([
    ['batchsize', '1', 'config/unknown', 'Did you mean "batchSize"?'],
    ['--base-lr', '1', 'config/unknown', 'Did you mean "baseLearningRate"?'],
    ['num-prototypes', '1', 'config/unknown', 'Did you mean "prototypes"?'],
    ['quaternion', '1', 'config/unknown', 'Known are: steps, epochs'],
    ['toString', '1', 'config/unknown', 'no setting "toString"'],
    ['batchSize', '', 'config/type', '"Batch size" (batchSize) is ""'],
    ['batchSize', '1.5', 'config/type', 'whole number'],
    ['batchSize', '0x10', 'config/type', 'whole number'],
    ['width', 'NaN', 'config/type', 'a number from 0.015625 to 4'],
    ['width', '1,5', 'config/type', 'a number'],
    ['scaleLearningRate', 'yes', 'config/type', 'true or false'],
    ['batchSize', '0', 'config/range', 'is 0, but must be a whole number from 1 to 4096 (images)'],
    ['teacherMomentum', '1.01', 'config/range', '0 to 1'],
    ['width', '1e999', 'config/range', '0.015625 to 4'],
    ['optimizer', 'adam', 'config/range', 'is "adam", but must be lars or sgd'],
  ])('refuses %s=%s', (name, text, code, words) => {
    const found = problem(() => parseSetting(name, text));
    expect(found).toContain(`${code}: `);
    expect(found).toContain(words);
  });
});

describe('settings that do not fit each other', () => {
  it.each<[Partial<Config>, string, string]>([
    [{ blurSigmaMin: 3 }, 'conflict', '(blurSigmaMin) 3 is more than "Most blur" (blurSigmaMax) 2'],
    [{ outputStride: 12 }, 'range', 'must be 4, 8, 16 or 32'],
    [{ width: 0.3 }, 'conflict', 'gives 19.2 base channels. Take a multiple of 1/64, such as 0.296875'],
    [{ cropSize: 32 }, 'conflict', 'a feature map of 1×1 cells'],
    [{ epochs: 5 }, 'conflict', '"Warmup epochs" (warmupEpochs) 5 leaves nothing'],
    [{ batchSize: 0 }, 'range', '"Batch size"'],
    [{ scaleLearningRate: 1 as never }, 'type', 'true or false'],
    [{ color: 1 } as never, 'unknown', '"color"'],
  ])('%j', (overrides, code, words) => {
    const found = problem(() => makeConfig(DEFAULT_CONFIG, overrides));
    expect(found).toContain(`config/${code}: `);
    expect(found).toContain(words);
  });

  it('accepts their borders', () => {
    makeConfig(DEFAULT_CONFIG, { cropSize: 33, width: 1 / 64, blurSigmaMin: 2, steps: 21, warmupSteps: 20 });
  });
});

describe('warnings', () => {
  it('collapse margin: the published head, and the small ones', () => {
    expect(collapseMargin(DEFAULT_CONFIG)).toBeCloseTo(11.37, 2);
    expect(collapseMargin(presetConfig('quick'))).toBeCloseTo(17.97, 2);
    expect(collapseMargin(presetConfig('tiny'))).toBeCloseTo(12.7, 1);
    expect(configWarnings(DEFAULT_CONFIG)).toEqual([]);
    expect(configWarnings(presetConfig('quick'))).toEqual([]);
    expect(configWarnings(presetConfig('tiny'))).toEqual([]);
  });

  it.each([
    [{ hiddenDim: 128, outDim: 32, headInitStd: 0.02 }, 'will almost surely collapse', 0.114],
    [{ hiddenDim: 256, outDim: 64, headInitStd: 0.02 }, 'may collapse', 0.08],
    // The published scale isn't enough for few channels.
    [{ hiddenDim: 256, outDim: 4, headInitStd: 0.02 }, 'will almost surely collapse', 0.113],
  ])('%j', (overrides, risk, remedy) => {
    const config = makeConfig(presetConfig('quick'), { lrFactor1d: 1, ...overrides });
    const [warning, ...others] = configWarnings(config);
    expect(others).toEqual([]);
    expect(warning).toContain(risk);
    expect(warning).toContain(`to ${remedy} `);
    expect(configWarnings({ ...config, headInitStd: remedy })).toEqual([]);
  });

  it('the margin is a matter of LARS, and a fast teacher of any optimizer', () => {
    const config = makeConfig(presetConfig('quick'), { optimizer: 'sgd', teacherMomentum: 0.89 });
    expect(configWarnings(config)).toEqual([expect.stringContaining('"Teacher momentum" (teacherMomentum) 0.89')]);
  });
});

describe('schedule', () => {
  it('counts the published COCO run', () => {
    expect(resolveSchedule(DEFAULT_CONFIG, 118_287)).toEqual({
      totalSteps: 184_800,
      warmupSteps: 1155,
      momentumSteps: 184_823,
      peakLearningRate: 2,
    });
  });

  it('takes given steps as they are', () => {
    expect(resolveSchedule(presetConfig('quick'), 400)).toEqual({
      totalSteps: 300,
      warmupSteps: 20,
      momentumSteps: 300,
      peakLearningRate: 8,
    });
  });

  it('gives the warmup half of a short run at most', () => {
    const config = makeConfig(presetConfig('tiny'), { steps: 21 });
    expect(resolveSchedule(config, 400)).toMatchObject({ totalSteps: 21, warmupSteps: 10 });
  });

  it('keeps a step for the cosine when epochs are short', () => {
    const config = makeConfig(DEFAULT_CONFIG, { batchSize: 2, epochs: 1.5, warmupEpochs: 1.4 });
    expect(resolveSchedule(config, 2)).toMatchObject({ totalSteps: 1, warmupSteps: 0 });
  });

  it('needs one batch', () => {
    expect(problem(() => resolveSchedule(DEFAULT_CONFIG, 511))).toMatch(
      /^dataset\/too-small: There are 511 images.*512/,
    );
  });
});

describe('settings in a checkpoint', () => {
  const metadata = configToText(presetConfig('tiny'));
  const changed = (change: (config: Record<string, unknown>) => void): Record<string, string> => {
    const config = JSON.parse(metadata.config) as Record<string, unknown>;
    change(config);
    return { ...metadata, config: JSON.stringify(config) };
  };

  it('come back as they were', () => {
    expect(configFromText({ format: 'other metadata', ...metadata })).toEqual(presetConfig('tiny'));
  });

  it('from before a display setting have its default', () => {
    const earlier = changed((config) => delete config.overlaySize);
    expect(configFromText(earlier)).toEqual({ ...presetConfig('tiny'), overlaySize: DEFAULT_CONFIG.overlaySize });
  });

  it.each<[string, Record<string, string>, string]>([
    ['none', {}, '"config" is missing'],
    ['no JSON', { config: '{' }, 'not valid JSON'],
    ['no object', { config: '[]' }, 'not an object'],
    ['an unknown field', changed((config) => (config.color = 1)), 'no setting "color"'],
    ['a missing field', changed((config) => delete config.seed), '"seed" is missing'],
    ['a bad value', changed((config) => (config.seed = '1')), '"Seed" (seed) is "1"'],
    ['fields that clash', changed((config) => (config.blurSigmaMin = 9)), 'blurSigmaM'],
  ])('%s', (_, record, words) => {
    const found = problem(() => configFromText(record));
    expect(found).toContain('checkpoint/config: ');
    expect(found).toContain(words);
  });
});

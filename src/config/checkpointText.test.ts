import { describe, expect, it } from 'vitest';
import { problemOf } from '../testing/problemOf.ts';
import { configFromText, configToText } from './checkpointText.ts';
import { DEFAULT_CONFIG } from './defaults.ts';
import { presetConfig } from './presets.ts';

describe('settings in a checkpoint', () => {
  const metadata = configToText(presetConfig('tiny'));
  const changed = (change: (config: Record<string, unknown>) => void): Record<string, string> => {
    const config = JSON.parse(metadata.config) as Record<string, unknown>;
    change(config);
    return { ...metadata, config: JSON.stringify(config) };
  };

  it('round-trip', () => {
    expect(configFromText({ format: 'other metadata', ...metadata })).toEqual(presetConfig('tiny'));
  });

  it('get the default of a display setting that is missing', () => {
    const earlier = changed((config) => delete config.overlaySize);
    expect(configFromText(earlier)).toEqual({ ...presetConfig('tiny'), overlaySize: DEFAULT_CONFIG.overlaySize });
  });

  it('get the default of a setting that earlier versions lacked, and trained without', () => {
    const earlier = changed((config) => {
      delete config.encoderLrFactor;
      delete config.freezeEncoderSteps;
      delete config.accumulate;
    });
    expect(configFromText(earlier)).toEqual(presetConfig('tiny'));
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
    const found = problemOf(() => configFromText(record));
    expect(found).toContain('checkpoint/config ');
    expect(found).toContain(words);
  });
});

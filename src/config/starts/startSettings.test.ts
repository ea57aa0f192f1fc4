import { expect, it } from 'vitest';
import { DEFAULT_CONFIG } from '../defaults.ts';
import { makeConfig } from '../parse.ts';
import { presetConfig } from '../presets.ts';
import { differing, networkSettings, startRates } from './startSettings.ts';

it('a trained encoder learns at a tenth, after the first tenth of the run', () => {
  expect(startRates(presetConfig('quick'), 0)).toEqual({ encoderLrFactor: 0.1, freezeEncoderSteps: 30 });
  // 800 epochs of 2 batches; without images their number is unknown.
  expect(startRates(DEFAULT_CONFIG, 1100)).toEqual({ encoderLrFactor: 0.1, freezeEncoderSteps: 160 });
  expect(startRates(DEFAULT_CONFIG, 0)).toEqual({ encoderLrFactor: 0.1, freezeEncoderSteps: 0 });
});

it('leaves rates that were chosen', () => {
  expect(startRates(makeConfig(presetConfig('quick'), { freezeEncoderSteps: 5 }), 100)).toEqual({});
  expect(startRates(presetConfig('quick'), 100, { encoderLrFactor: 1 })).toEqual({});
});

it('takes over what the weights need, and the crop', () => {
  const taken = networkSettings(DEFAULT_CONFIG);
  expect(differing(taken, presetConfig('quick'))).toEqual([
    'arch',
    'width',
    'stages',
    'outputStride',
    'hiddenDim',
    'outDim',
    'prototypes',
    'cropSize',
  ]);
  expect(taken).toMatchObject({ arch: 'resnet50', width: 1, stages: 4, outDim: 256, prototypes: 256, cropSize: 224 });
});

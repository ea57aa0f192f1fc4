import { describe, expect, it } from 'vitest';
import { DEFAULT_CONFIG } from '../defaults.ts';
import { makeConfig } from '../parse.ts';
import { presetConfig } from '../presets.ts';
import { torchrunCommand, unpublishedSettings } from './torchrunCommand.ts';

const COCO_IMAGES = 118_287;

/** Flag and value pairs of a command. */
function flagsOf(command: string): Record<string, string> {
  return Object.fromEntries([...command.matchAll(/(--[a-z_-]+)[ =](\S+)/g)].map(([, flag, value]) => [flag, value]));
}

describe('torchrunCommand', () => {
  it('gives the flags of the published COCO script for the published settings', () => {
    const command = torchrunCommand(DEFAULT_CONFIG, COCO_IMAGES, 'slotcon-step9.pth');
    // scripts/slotcon_coco_r50_800ep.sh
    expect(flagsOf(command)).toMatchObject({
      '--nproc_per_node': '8',
      '--dataset': 'COCO',
      '--data-dir': 'DIR',
      '--resume': 'slotcon-step9.pth',
      '--arch': 'resnet50',
      '--dim-hidden': '4096',
      '--dim-out': '256',
      '--num-prototypes': '256',
      '--teacher-momentum': '0.99',
      '--teacher-temp': '0.07',
      '--group-loss-weight': '0.5',
      '--batch-size': '512',
      '--optimizer': 'lars',
      '--base-lr': '1',
      '--weight-decay': '0.00001',
      '--warmup-epoch': '5',
      '--epochs': '800',
    });
    expect(command.split('\n').every((line, at, all) => line.endsWith(' \\') === at < all.length - 1)).toBe(true);
  });

  it('gives lengths in whole epochs, the rate for a batch of 256 and a number of processes that divides the batch', () => {
    const config = makeConfig(presetConfig('quick'), {
      steps: 301,
      warmupSteps: 20,
      batchSize: 12,
      warmupMultiplier: 2.5,
    });
    expect(flagsOf(torchrunCommand(config, 100, 'x.pth'))).toMatchObject({
      // 8 batches of 12 per epoch; a rate of 8 that doesn't scale with the batch.
      '--epochs': '38',
      '--warmup-epoch': '3',
      '--base-lr': String((8 * 256) / 12),
      '--nproc_per_node': '6',
      '--warmup-multiplier': '3',
    });
  });
});

it('a step of several batches is one batch of the published code, and named as what that has not', () => {
  const config = makeConfig(presetConfig('quick'), { batchSize: 8, accumulate: 4 });
  const [split, whole] = [config, presetConfig('quick')].map((one) => torchrunCommand(one, 100, 'x.pth'));
  expect(split).toBe(whole);
  expect(unpublishedSettings(config).training).toContain('accumulate');
});

describe('unpublishedSettings', () => {
  it('finds none in the published run, nor for settings that flags or the file hold', () => {
    const config = makeConfig(DEFAULT_CONFIG, {
      steps: 100,
      warmupSteps: 3,
      scaleLearningRate: false,
      trustCoefficient: 0.01,
      minLearningRate: 0,
      headInitStd: 0.5,
      prototypes: 7,
      watchedImages: 2,
      workingSize: 64,
    });
    expect(unpublishedSettings(DEFAULT_CONFIG)).toEqual({ network: [], training: [] });
    expect(unpublishedSettings(config)).toEqual({ network: [], training: [] });
  });

  it('separates settings that prevent loading from those that change training', () => {
    expect(unpublishedSettings(presetConfig('tiny'))).toEqual({
      network: ['width', 'stages', 'blocksPerStage', 'outputStride'],
      training: ['lrFactor1d', 'grayProbability', 'blurProbability1', 'blurProbability2', 'solarizeProbability2'],
    });
  });

  it('names a start’s rate and freezing of the encoder, which the published code has no flags for', () => {
    const config = makeConfig(DEFAULT_CONFIG, { encoderLrFactor: 0.1, freezeEncoderSteps: 30 });
    expect(unpublishedSettings(config)).toEqual({
      network: [],
      training: ['encoderLrFactor', 'freezeEncoderSteps'],
    });
  });
});

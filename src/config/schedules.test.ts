import { describe, expect, it } from 'vitest';
import { problemOf } from '../testing/problemOf.ts';
import { DEFAULT_CONFIG } from './defaults.ts';
import { makeConfig } from './parse.ts';
import { presetConfig } from './presets.ts';
import { resolveSchedule } from './schedules.ts';

describe('schedule', () => {
  it('counts the published COCO run', () => {
    expect(resolveSchedule(DEFAULT_CONFIG, 118_287)).toEqual({
      totalSteps: 184_800,
      warmupSteps: 1155,
      momentumSteps: 184_823,
      peakLearningRate: 2,
    });
  });

  it('counts the images of a step of several batches: the same run on a smaller card', () => {
    const config = makeConfig(DEFAULT_CONFIG, { batchSize: 64, accumulate: 8 });
    expect(resolveSchedule(config, 118_287)).toEqual(resolveSchedule(DEFAULT_CONFIG, 118_287));
    expect(problemOf(() => resolveSchedule(config, 511))).toMatch(/one step of 8 batches needs 512/);
  });

  it('uses given steps unchanged', () => {
    expect(resolveSchedule(presetConfig('quick'), 400)).toEqual({
      totalSteps: 300,
      warmupSteps: 20,
      momentumSteps: 300,
      peakLearningRate: 8,
    });
  });

  it('limits the warmup to half of a short run', () => {
    const config = makeConfig(presetConfig('tiny'), { steps: 21 });
    expect(resolveSchedule(config, 400)).toMatchObject({ totalSteps: 21, warmupSteps: 10 });
  });

  it('keeps a step for the cosine when epochs are short', () => {
    const config = makeConfig(DEFAULT_CONFIG, { batchSize: 2, epochs: 1.5, warmupEpochs: 1.4 });
    expect(resolveSchedule(config, 2)).toMatchObject({ totalSteps: 1, warmupSteps: 0 });
  });

  it('needs one batch', () => {
    expect(problemOf(() => resolveSchedule(DEFAULT_CONFIG, 511))).toMatch(
      /^dataset\/too-small 511 usable images, one batch needs 512/,
    );
  });
});

import { expect, it } from 'vitest';
import type { Config } from '../config/fields.ts';
import { makeConfig } from '../config/parse.ts';
import { presetConfig } from '../config/presets.ts';
import { encoderFile, quickCheckpoint } from '../testing/checkpoints.ts';
import { beginFrom } from '../worker/files/openedFiles.ts';
import { newRunSettings } from './newRun.ts';
import type { OpenedFile } from './openFile.ts';

const IMAGES = { name: 'photos', fingerprint: 'these' };
const begin = (file: OpenedFile, config: Config) => beginFrom(file, config, IMAGES, true);
const quick = presetConfig('quick');
const checkpoint = quickCheckpoint({ stages: 2 });
const run: OpenedFile = { kind: 'checkpoint', checkpoint };
const encoder: OpenedFile = {
  kind: 'backbone',
  backbone: encoderFile(makeConfig(quick, { arch: 'resnet34', stages: 4 })),
};

it('from a run: its networks and crop, a tenth of the rate after a tenth of the steps, and a schedule of its own', () => {
  const config = newRunSettings(run, quick, {}, 0);
  const { width, stages, hiddenDim, outDim, cropSize } = checkpoint.config;
  expect(config).toEqual({
    ...quick,
    width,
    stages,
    hiddenDim,
    outDim,
    cropSize,
    encoderLrFactor: 0.1,
    freezeEncoderSteps: 30,
  });
  const begun = begin(run, config);
  expect(begun.notes).toEqual(['The networks and prototypes start with the weights of a run.']);
  expect(begun.checkpoint).toMatchObject({ position: { step: 0 }, datasetFingerprint: 'these' });
});

it('what was chosen stays: fresh heads of other sizes, and rates', () => {
  const config = newRunSettings(run, quick, { prototypes: 5, freezeEncoderSteps: 0 }, 0);
  expect(config).toMatchObject({ prototypes: 5, encoderLrFactor: 1, freezeEncoderSteps: 0 });
  expect(begin(run, config).notes[0]).toMatch(/^The encoder starts .*; heads and prototypes, .* start fresh\.$/);
  const misfit = newRunSettings(run, quick, { width: 1 }, 0);
  expect(() => begin(run, misfit)).toThrow(/looks like resnet18 of width 0\.0625/);
});

it('from an encoder: its depth, in as many stages as the settings have', () => {
  const config = newRunSettings(encoder, quick, {}, 0);
  expect(config).toMatchObject({ arch: 'resnet34', stages: quick.stages, encoderLrFactor: 0.1 });
  expect(begin(encoder, config).notes[0]).toMatch(/\d+ tensors of it; heads and prototypes start fresh/);
});

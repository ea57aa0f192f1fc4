import { stepGflop } from './cost.ts';
import type { Config } from './fields.ts';
import { DEFAULT_CONFIG } from './defaults.ts';
import { makeConfig } from './parse.ts';

export type PresetName = 'tiny' | 'quick' | 'paper';

export interface Preset {
  readonly label: string;
  readonly description: string;
  /** GFLOP per step. */
  readonly expectedCost: number;
  /** Settings that differ from the published run. */
  readonly config: Partial<Config>;
}

/**
 * Found on 400 synthetic scenes of 96 px; the published rates and augmentations are far too slow or strong at this size.
 * A wider head initialization and calmer 1-D parameters keep small heads healthy, see `collapseMargin`.
 */
const QUICK: Partial<Config> = {
  steps: 300,
  batchSize: 32,
  // The smallest crop, √0.2 of the shorter side, has about 64 px: a larger size would only be downscaled.
  workingSize: 144,
  arch: 'resnet18',
  stages: 3,
  width: 0.25,
  outputStride: 8,
  hiddenDim: 256,
  outDim: 64,
  prototypes: 16,
  headInitStd: 0.08,
  lrFactor1d: 0.1,
  teacherTemp: 0.05,
  teacherMomentum: 0.95,
  baseLearningRate: 8,
  scaleLearningRate: false,
  warmupSteps: 20,
  cropSize: 64,
  minScale: 0.2,
  grayProbability: 0.1,
  blurProbability1: 0,
  blurProbability2: 0,
  solarizeProbability2: 0,
};

const TINY: Partial<Config> = {
  ...QUICK,
  steps: 200,
  batchSize: 8,
  stages: 2,
  blocksPerStage: 1,
  hiddenDim: 128,
};

const preset = (label: string, description: string, config: Partial<Config>): Preset => ({
  label,
  description,
  expectedCost: stepGflop(makeConfig(DEFAULT_CONFIG, config)),
  config,
});

export const PRESETS: Readonly<Record<PresetName, Preset>> = {
  tiny: preset(
    'Tiny',
    'First impressions on any computer: 200 small steps. Sky, grass and water come apart roughly; details do not.',
    TINY,
  ),
  quick: preset(
    'Quick',
    'For a computer with a graphics card: 300 steps of 32 images. Clean regions after 100 to 150 steps.',
    QUICK,
  ),
  paper: preset(
    'Paper',
    'The published run on COCO: ResNet-50, 800 epochs in batches of 512. Far beyond one browser tab; a start for settings of your own.',
    {},
  ),
};

export const PRESET_NAMES = Object.keys(PRESETS) as PresetName[];

/** The complete settings of a preset. */
export function presetConfig(name: PresetName): Config {
  return makeConfig(DEFAULT_CONFIG, PRESETS[name].config);
}

/** Preset to offer first; `slow` is true for software adapters. */
export function proposedPreset(slow: boolean): 'tiny' | 'quick' {
  return slow ? 'tiny' : 'quick';
}

/** Built-in scenes for runs without images: enough for varied batches of the quick preset, drawn in seconds. */
export const SAMPLE_SCENES = { count: 200, seed: 0 } as const;

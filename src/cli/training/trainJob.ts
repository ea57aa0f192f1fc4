import type { Checkpoint } from '../../checkpoint/checkpoint.ts';
import type { Config } from '../../config/fields.ts';
import { makeConfig } from '../../config/parse.ts';
import { presetConfig, type PresetName } from '../../config/presets.ts';
import type { EngineName } from '../../ops/createEngine.ts';

/** A training job as the command line describes it. */
export interface TrainJob {
  readonly images: string | undefined;
  readonly out: string;
  /** Replaces a run that is in `out`. */
  readonly overwrite: boolean;
  /** Writes `report.html` too. */
  readonly report: boolean;
  /** Undefined: the fastest that the adapter can run. */
  readonly engine: EngineName | undefined;
  readonly preset: PresetName | undefined;
  /** Single settings, which override those of the preset or the checkpoint. */
  readonly overrides: Partial<Config>;
  readonly resume: { readonly path: string; readonly checkpoint: Checkpoint } | undefined;
  /** A new run starts from the weights of `resume`, instead of continuing its run. */
  readonly anew: boolean;
  /** Prints what to do next. */
  readonly advises: boolean;
  /** The step to train up to; Infinity for the end of the schedule. */
  readonly until: number;
  /** The settings of the run, once the adapter has proposed a preset where none was named. */
  config(proposed: PresetName): Config;
}

/** Completes a job by its settings, which depend on its other parts. */
export function createJob(parts: Omit<TrainJob, 'config'>): TrainJob {
  const { resume, preset, overrides, until } = parts;
  return {
    ...parts,
    config: (proposed) => {
      const config = makeConfig(resume?.checkpoint.config ?? presetConfig(preset ?? proposed), overrides);
      // `steps` 0 derives the length from the epochs and the number of images, so it is left alone.
      const isExtended = config.steps > 0 && Number.isFinite(until) && until > config.steps;
      return isExtended ? makeConfig(config, { steps: until }) : config;
    },
  };
}

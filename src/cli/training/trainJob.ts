import type { Checkpoint } from '../../checkpoint/checkpoint.ts';
import { newRunSettings } from '../../checkpoint/newRun.ts';
import type { OpenedFile } from '../../checkpoint/openFile.ts';
import type { Config } from '../../config/fields.ts';
import { makeConfig } from '../../config/parse.ts';
import { presetConfig, type PresetName } from '../../config/presets.ts';
import { differing } from '../../config/starts/startSettings.ts';
import type { TuneMode } from '../../domain/tuneMode.ts';
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
  /** Undefined: what suits the adapter. */
  readonly tune: TuneMode | undefined;
  readonly preset: PresetName | undefined;
  /** Single settings, which override those of the preset or the checkpoint. */
  readonly overrides: Partial<Config>;
  readonly resume: { readonly path: string; readonly checkpoint: Checkpoint } | undefined;
  /** A new run starts from the weights of `resume`, instead of continuing its run. */
  readonly anew: boolean;
  /** Prints what to do next. */
  readonly advises: boolean;
  /** The file that a new run takes its weights from. */
  readonly start: { readonly path: string; readonly opened: OpenedFile } | undefined;
  /** The step to train up to; Infinity for the end of the schedule. */
  readonly until: number;
  /**
   * The settings of the run, once the adapter has proposed a preset where none was named, and the images are counted where they
   * determine its length.
   */
  config(proposed: PresetName, imageCount?: number): Config;
}

/** Prints what the file to start from has changed in the settings. */
export function showStartChanges(job: TrainJob, proposed: PresetName, config: Config): void {
  if (!job.start) return;
  const before = createJob({ ...job, start: undefined }).config(proposed);
  const changes = differing(config, before).map((name) => `${name}=${config[name]} (was ${before[name]})`);
  if (changes.length === 0) return;
  console.log(`Changed to suit "${job.start.path}": ${changes.join(', ')}. --set chooses others.`);
}

/** Completes a job by its settings, which depend on its other parts. */
export function createJob(parts: Omit<TrainJob, 'config'>): TrainJob {
  const { resume, start, preset, overrides, until } = parts;
  return {
    ...parts,
    config: (proposed, imageCount = 0) => {
      const config = makeConfig(resume?.checkpoint.config ?? presetConfig(preset ?? proposed), overrides);
      // `steps` 0 derives the length from the epochs and the number of images, so it is left alone.
      const isExtended = config.steps > 0 && Number.isFinite(until) && until > config.steps;
      const extended = isExtended ? makeConfig(config, { steps: until }) : config;
      return start ? newRunSettings(start.opened, extended, overrides, imageCount) : extended;
    },
  };
}

import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import type { Config } from '../config/fields.ts';
import type { PresetName } from '../config/presets.ts';
import type { EngineName } from '../ops/createEngine.ts';

/** A training job as the command line describes it. */
export interface TrainJob {
  readonly images: string | undefined;
  readonly out: string;
  readonly engine: EngineName;
  readonly preset: PresetName | undefined;
  /** Settings given one by one; they win over the preset's and a checkpoint's. */
  readonly overrides: Partial<Config>;
  readonly resume: { readonly path: string; readonly checkpoint: Checkpoint } | undefined;
  /** The step to train up to; Infinity for the end of the schedule. */
  readonly until: number;
  /** The settings of the run, once the adapter has proposed a preset where none was named. */
  config(proposed: PresetName): Config;
}

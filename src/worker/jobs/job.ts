import type { ImageSource } from '../../domain/images.ts';
import type { Engine } from '../../ops/engine.ts';
import type { Model } from '../../slotcon/model.ts';
import type { PageFiles } from './pageFiles.ts';
import type { InputOf, JobKind, ResultOf } from '../requests.ts';

/** A model that stays as it is while a job uses it. */
export interface Frozen {
  readonly engine: Engine;
  readonly model: Model;
  /** Steps it has been trained. */
  readonly step: number;
  readonly images: ImageSource;
}

export interface JobContext extends Frozen {
  readonly files: Pick<PageFiles, 'open'>;
  /** Reports progress, lets messages in, and throws if one of them aborted the job. Call it every second or so. */
  progress(phase: string, fraction: number): Promise<void>;
}

export type Job<Kind extends JobKind> = (context: JobContext, input: InputOf<Kind>) => Promise<ResultOf<Kind>>;

/** Jobs that get the model and the images; a single picture needs no images. */
export type JobFunctions = { readonly [Kind in Exclude<JobKind, 'segmentPicture'>]: Job<Kind> };

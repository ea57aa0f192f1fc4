import type { ImageSource } from '../../domain/images.ts';
import type { Engine } from '../../ops/engine.ts';
import type { Model } from '../../slotcon/model.ts';
import type { JobKind, Jobs } from '../protocol.ts';

/** A model that stays as it is while a job looks through it. */
export interface Frozen {
  readonly engine: Engine;
  readonly model: Model;
  /** Steps it has been trained. */
  readonly step: number;
  readonly images: ImageSource;
}

export interface JobContext extends Frozen {
  /** Tells how far the job is, 0…1, and lets messages in; throws if one of them canceled it. Call it every second or so. */
  progress(doing: string, fraction: number): Promise<void>;
}

/** What does each kind of job. */
export type Handlers = {
  readonly [Kind in JobKind]: (
    context: JobContext,
    request: Jobs[Kind]['request'],
  ) => Promise<Omit<Jobs[Kind]['result'], 'kind'>>;
};

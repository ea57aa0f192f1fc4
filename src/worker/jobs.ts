import type { ImageSource } from '../data/image.ts';
import type { Engine } from '../ops/ops.ts';
import type { Model } from '../slotcon/model.ts';
import { drawOverlays } from '../trainer/overlays.ts';
import { createWatcher } from '../trainer/watcher.ts';
import { reportTrouble, type Message, type Post } from './post.ts';
import type { JobKind, JobResult, Jobs } from './protocol.ts';

/** A model that stays as it is while a job looks through it. */
export interface Frozen {
  readonly engine: Engine;
  readonly model: Model;
  /** Steps it has been trained. */
  readonly step: number;
  readonly images: ImageSource;
}

export interface JobContext extends Frozen {
  /** Tells how far the job is, 0…1, and lets messages in; throws if one of them cancelled it. Call it every second or so. */
  progress(doing: string, fraction: number): Promise<void>;
}

type Handlers = {
  readonly [Kind in JobKind]: (
    context: JobContext,
    request: Jobs[Kind]['request'],
  ) => Promise<Omit<Jobs[Kind]['result'], 'kind'>>;
};

const HANDLERS: Handlers = { overlays: watchedOverlays };

export interface JobRunner {
  run(message: Message<'job'>): Promise<void>;
  cancel(requestId: number): void;
}

/** `withModel` lends the model of a checkpoint, or that of the run, between its steps. */
export function createJobs(
  post: Post,
  withModel: <Result>(
    checkpoint: Blob | undefined,
    use: (frozen: Frozen) => Promise<Result>,
    onWait: () => Promise<void>,
  ) => Promise<Result>,
): JobRunner {
  /** Jobs that wait or run, and whether they are still wanted. */
  const wanted = new Map<number, boolean>();
  return {
    run: async ({ requestId, job, checkpoint }) => {
      wanted.set(requestId, true);
      const progress: JobContext['progress'] = async (doing, fraction) => {
        post({ type: 'jobProgress', requestId, doing, fraction });
        await new Promise((resolve) => setTimeout(resolve));
        if (!wanted.get(requestId)) throw new Cancelled();
      };
      try {
        const result = await withModel(
          checkpoint,
          (frozen) => HANDLERS[job.kind]({ ...frozen, progress }, job),
          () => progress('Waiting for its turn', 0),
        );
        post({ type: 'jobDone', requestId, result: { kind: job.kind, ...result } as JobResult });
      } catch (error) {
        if (error instanceof Cancelled) post({ type: 'jobCancelled', requestId });
        else reportTrouble(post, error, { requestId });
      } finally {
        wanted.delete(requestId);
      }
    },
    cancel: (requestId) => {
      if (wanted.has(requestId)) wanted.set(requestId, false);
    },
  };
}

class Cancelled extends Error {}

async function watchedOverlays({
  engine,
  model,
  step,
  images,
  progress,
}: JobContext): Promise<Jobs['overlays']['result']> {
  await progress('Drawing the watched images', 0);
  const watcher = createWatcher(engine, model);
  try {
    return { step, ...(await drawOverlays(watcher, images, step)) };
  } finally {
    watcher.dispose();
  }
}

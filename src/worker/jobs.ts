import { drawOverlays } from '../inference/overlays.ts';
import { createOverlayInference } from '../inference/overlayInference.ts';
import { exportMasks } from './jobs/exportMasks.ts';
import { createGalleryJobs } from './jobs/gallery.ts';
import type { Frozen, Handlers, JobContext } from './jobs/jobContext.ts';
import { createScoreJobs } from './jobs/score.ts';
import type { Masks } from './masks.ts';
import { reportError, type Message, type Post } from './post.ts';
import type { JobRequest, JobResult, Jobs } from './protocol.ts';

export interface JobRunner {
  run(message: Message<'job'>): Promise<void>;
  cancel(requestId: number): void;
}

/** `withModel` lends the model of a checkpoint, or that of the run, between its steps. */
export function createJobs(
  post: Post,
  masks: Masks,
  withModel: <Result>(
    checkpoint: Blob | undefined,
    use: (frozen: Frozen) => Promise<Result>,
    onWait: () => Promise<void>,
  ) => Promise<Result>,
): JobRunner {
  const handlers: Handlers = {
    overlays: watchedOverlays,
    exportMasks,
    ...createGalleryJobs(),
    ...createScoreJobs(masks),
  };
  /** Jobs that wait or run, and whether they are still wanted. */
  const wanted = new Map<number, boolean>();
  return {
    run: async ({ requestId, job, checkpoint }) => {
      wanted.set(requestId, true);
      const progress: JobContext['progress'] = async (doing, fraction) => {
        post({ type: 'jobProgress', requestId, doing, fraction });
        await new Promise((resolve) => setTimeout(resolve));
        if (!wanted.get(requestId)) throw new Canceled();
      };
      try {
        const result = await withModel(
          checkpoint,
          (frozen) => handle(handlers, { ...frozen, progress }, job),
          () => progress('Waiting for its turn', 0),
        );
        post({ type: 'jobDone', requestId, result: { kind: job.kind, ...result } as JobResult });
      } catch (error) {
        if (error instanceof Canceled) post({ type: 'jobCanceled', requestId });
        else reportError(post, error, { requestId });
      } finally {
        wanted.delete(requestId);
      }
    },
    cancel: (requestId) => {
      if (wanted.has(requestId)) wanted.set(requestId, false);
    },
  };
}

/** What connects a kind's request to its handler is lost where both are looked up by the kind. */
function handle(handlers: Handlers, context: JobContext, job: JobRequest): Promise<Omit<JobResult, 'kind'>> {
  return (handlers[job.kind] as (context: JobContext, request: JobRequest) => Promise<Omit<JobResult, 'kind'>>)(
    context,
    job,
  );
}

class Canceled extends Error {}

async function watchedOverlays({
  engine,
  model,
  step,
  images,
  progress,
}: JobContext): Promise<Jobs['overlays']['result']> {
  await progress('Drawing the watched images', 0);
  const inference = createOverlayInference(engine, model);
  try {
    return { step, ...(await drawOverlays(inference, images, step)) };
  } finally {
    inference.dispose();
  }
}

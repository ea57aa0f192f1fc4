import { UserError } from '../lib/errors.ts';
import type { FromWorker, JobKind, JobRequest, Jobs } from '../worker/protocol.ts';
import type { SessionCore } from './sessionCore.ts';

export interface SessionJobs {
  /**
   * Has a job done by the model on the screen: the run's, else the loaded checkpoint's. `undefined` if it was cancelled
   * or came to nothing, which is then told as trouble.
   */
  runJob<Kind extends JobKind>(job: Extract<JobRequest, { kind: Kind }>): Promise<Jobs[Kind]['result'] | undefined>;
  /** Ends the jobs of a kind as soon as they listen. */
  cancelJobs(kind: JobKind): void;
  /** What the worker says of a job, after it has been written into the state. */
  settle(message: Extract<FromWorker, { type: 'jobDone' | 'jobCancelled' | 'trouble' }>): void;
  /** Nothing will be answered any more. */
  abandon(): void;
}

export function createSessionJobs({ store, post, nextId, reportThrown }: SessionCore): SessionJobs {
  const { getState: get, setState: set } = store;
  const waiting = new Map<number, (result: unknown) => void>();

  const end = (requestId: number, result: unknown): void => {
    const resolve = waiting.get(requestId);
    waiting.delete(requestId);
    if (get().jobs.some((job) => job.requestId === requestId)) {
      set(({ jobs }) => ({ jobs: jobs.filter((job) => job.requestId !== requestId) }));
    }
    resolve?.(result);
  };
  return {
    runJob: (job) => {
      const { run, resume } = get();
      if (run.status === 'idle' && resume.status !== 'loaded') {
        reportThrown('run/none', new UserError('run/none', 'There is no model yet: start a run or load a checkpoint.'));
        return Promise.resolve(undefined);
      }
      const requestId = nextId();
      const answered = new Promise<never>((resolve) => waiting.set(requestId, resolve as (result: unknown) => void));
      set(({ jobs }) => ({ jobs: [...jobs, { requestId, kind: job.kind, doing: 'Getting ready', fraction: 0 }] }));
      const checkpoint = run.status === 'idle' && resume.status === 'loaded' ? { checkpoint: resume.source } : {};
      post({ type: 'job', requestId, job, ...checkpoint });
      return answered;
    },
    cancelJobs: (kind) => {
      for (const job of get().jobs) if (job.kind === kind) post({ type: 'cancelJob', requestId: job.requestId });
    },
    settle: (message) => {
      if (message.requestId === undefined) return;
      end(message.requestId, message.type === 'jobDone' ? message.result : undefined);
    },
    abandon: () => {
      for (const requestId of [...waiting.keys()]) end(requestId, undefined);
    },
  };
}

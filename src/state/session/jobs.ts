import { UserError } from '../../lib/errors.ts';
import type { FromWorker, JobKind, JobRequest, Jobs } from '../../worker/protocol.ts';
import type { SessionCore } from './core.ts';

/** What became of a job. A failure is told as trouble too. */
export type JobOutcome<Result> =
  | { readonly status: 'done'; readonly result: Result }
  | { readonly status: 'failed'; readonly message: string }
  | { readonly status: 'canceled' };

export interface SessionJobs {
  /** Has a job done by the model on the screen: the run's, else the loaded checkpoint's. */
  runJob<Kind extends JobKind>(job: Extract<JobRequest, { kind: Kind }>): Promise<JobOutcome<Jobs[Kind]['result']>>;
  /** Ends the jobs of a kind as soon as they listen. */
  cancelJobs(kind: JobKind): void;
  /** What the worker says of a job, after it has been written into the state. */
  settle(message: Extract<FromWorker, { type: 'jobDone' | 'jobCanceled' | 'trouble' }>): void;
  /** Nothing will be answered any more; `why` is the message of the trouble that ended the worker. */
  abandon(why?: string): void;
}

export function createSessionJobs({ store, post, nextId, reportThrown }: SessionCore): SessionJobs {
  const { getState: get, setState: set } = store;
  const waiting = new Map<number, (outcome: JobOutcome<never>) => void>();

  const end = (requestId: number, outcome: JobOutcome<unknown>): void => {
    const resolve = waiting.get(requestId);
    waiting.delete(requestId);
    if (get().jobs.some((job) => job.requestId === requestId)) {
      set(({ jobs }) => ({ jobs: jobs.filter((job) => job.requestId !== requestId) }));
    }
    resolve?.(outcome as JobOutcome<never>);
  };
  return {
    runJob: (job) => {
      const { run, resume } = get();
      if (run.status === 'idle' && resume.status !== 'loaded') {
        const missing = new UserError('run/none', 'There is no model yet: start a run or load a checkpoint.');
        reportThrown(missing.code, missing);
        return Promise.resolve({ status: 'failed', message: missing.message });
      }
      const requestId = nextId();
      const answered = new Promise<JobOutcome<never>>((resolve) => waiting.set(requestId, resolve));
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
      end(message.requestId, outcomeOf(message));
    },
    abandon: (why) => {
      const outcome = why === undefined ? CANCELED : ({ status: 'failed', message: why } as const);
      for (const requestId of [...waiting.keys()]) end(requestId, outcome);
    },
  };
}

const CANCELED = { status: 'canceled' } as const;

function outcomeOf(message: Parameters<SessionJobs['settle']>[0]): JobOutcome<unknown> {
  if (message.type === 'jobDone') return { status: 'done', result: message.result };
  return message.type === 'trouble' ? { status: 'failed', message: message.message } : CANCELED;
}

import { createCoalescer } from '../../lib/async/coalesce.ts';
import { errorMessage, UserError } from '../../lib/errors.ts';
import { WorkerLostError } from '../../worker/requestClient.ts';
import type { Progress } from '../../worker/contracts.ts';
import type { InputOf, JobKind, ResultOf } from '../../worker/requests.ts';
import type { SessionCore } from './core.ts';
import type { ResumeSlice } from './resume.ts';
import type { RunSlice } from './run.ts';

export interface JobState extends Progress {
  readonly id: number;
  readonly kind: JobKind;
}

export interface JobsSlice {
  /** Work of the model beside training, oldest first. */
  readonly jobs: readonly JobState[];
}

export const INITIAL_JOBS: JobsSlice = { jobs: [] };

/** Outcome of a job. A failure is reported as a notice too. */
export type JobOutcome<Result> =
  | { readonly status: 'done'; readonly result: Result }
  | { readonly status: 'failed'; readonly message: string }
  | { readonly status: 'canceled' };

export interface JobActions {
  /** Runs a job on the model on the screen: that of the run, else that of the loaded checkpoint. */
  runJob<Kind extends JobKind>(
    kind: Kind,
    input: Omit<InputOf<Kind>, 'checkpoint'>,
  ): Promise<JobOutcome<ResultOf<Kind>>>;
  cancelJobs(kind: JobKind): void;
}

const UPDATE_MS = 100;

export function createJobsSlice({
  store,
  request,
  nextId,
  reportThrown,
}: SessionCore<JobsSlice & RunSlice & ResumeSlice>): JobActions {
  const { getState: get, setState: set } = store;
  const controllers = new Map<number, AbortController>();
  const updates = createCoalescer<{ readonly id: number; readonly progress: Progress }>((all) => {
    const latest = new Map(all.map(({ id, progress }) => [id, progress]));
    set(({ jobs }) => ({ jobs: jobs.map((job) => ({ ...job, ...latest.get(job.id) })) }));
  }, UPDATE_MS);

  const failed = (thrown: unknown): { status: 'failed'; message: string } => {
    reportThrown('worker/unexpected', thrown);
    return { status: 'failed', message: errorMessage(thrown) };
  };
  return {
    runJob: async (kind, input) => {
      const { run, resume } = get();
      if (run.status === 'idle' && resume.status !== 'loaded') {
        return failed(new UserError('run/none', 'There is no model yet: start a run or load a checkpoint.'));
      }
      const checkpoint = run.status === 'idle' && resume.status === 'loaded' ? { checkpoint: resume.source } : {};
      const id = nextId();
      const controller = new AbortController();
      controllers.set(id, controller);
      set(({ jobs }) => ({ jobs: [...jobs, { id, kind, phase: 'Getting ready', fraction: 0 }] }));
      try {
        const result = await request(
          kind,
          { ...input, ...checkpoint },
          {
            signal: controller.signal,
            onProgress: (progress) => updates.add({ id, progress: progress }),
          },
        );
        return { status: 'done', result };
      } catch (thrown) {
        const isClosed = thrown instanceof WorkerLostError && thrown.code === 'worker/closed';
        return controller.signal.aborted || isClosed ? { status: 'canceled' } : failed(thrown);
      } finally {
        controllers.delete(id);
        set(({ jobs }) => ({ jobs: jobs.filter((job) => job.id !== id) }));
      }
    },
    cancelJobs: (kind) => {
      for (const job of get().jobs) if (job.kind === kind) controllers.get(job.id)?.abort();
    },
  };
}

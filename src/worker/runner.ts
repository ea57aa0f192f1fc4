import { readCheckpoint } from '../checkpoint/checkpoint.ts';
import { checkTensors } from '../checkpoint/state.ts';
import { errorMessage, UserError } from '../lib/errors.ts';
import type { Engine } from '../ops/ops.ts';
import { createRun, type Run } from '../trainer/run.ts';
import { createTrainer, type Trainer } from '../trainer/trainer.ts';
import type { Dataset } from './dataset.ts';
import type { Post } from './post.ts';
import type { ToWorker } from './protocol.ts';

type Start = Extract<ToWorker, { type: 'start' }>;

/** One run at a time; an ended run stays, for its checkpoint, until the next starts. */
export interface Runner {
  start(message: Start): Promise<void>;
  pause(runId: number): void;
  continue(runId: number): void;
  stop(runId: number): void;
  saveCheckpoint(runId: number, requestId: number): Promise<void>;
  readCheckpoint(requestId: number, name: string, bytes: ArrayBuffer): void;
}

interface Active {
  readonly runId: number;
  readonly trainer: Trainer;
  readonly run: Run;
}

/** How much of the progress bar is full when the kernels' turn comes. */
const BEFORE_KERNELS = 0.1;

export function createRunner(post: Post, dataset: Dataset, engine: () => Promise<Engine>): Runner {
  let active: Active | undefined;
  const of = (runId: number): Active | undefined => (active?.runId === runId ? active : undefined);

  const prepare = async ({ runId, config, resume, stopAfter = Infinity }: Start): Promise<Active> => {
    const preparing = (doing: string, fraction: number): void => post({ type: 'preparing', runId, doing, fraction });
    preparing('Waiting for the images', 0);
    const images = await dataset.source();
    preparing('Building the model', BEFORE_KERNELS / 2);
    const checkpoint = resume && readCheckpoint(new Uint8Array(resume));
    const trainer = await createTrainer({
      engine: await engine(),
      config,
      images,
      ...(checkpoint ? { resume: checkpoint } : {}),
      onProgress: (share) => preparing('Compiling kernels', BEFORE_KERNELS + (1 - BEFORE_KERNELS) * share),
    });
    if (active) await active.run.between(async () => active?.trainer.dispose());
    const events = runEvents(post, runId);
    const step: typeof events.step = (record, ...rest) => {
      events.step(record, ...rest);
      if (record.step >= stopAfter) run.stop();
    };
    const run = createRun(trainer, { ...events, step }, () => performance.now());
    const notes =
      checkpoint && checkpoint.datasetFingerprint !== images.fingerprint
        ? [`The checkpoint was trained on "${checkpoint.datasetName}"; this run goes on with "${images.name}".`]
        : [];
    const { totalSteps } = trainer;
    post({ type: 'started', runId, config, step: trainer.step(), totalSteps, notes });
    return { runId, trainer, run };
  };

  const start = async (message: Start): Promise<void> => {
    const { runId } = message;
    if (active) active.run.stop();
    const started = performance.now();
    try {
      active = await prepare(message);
    } catch (error) {
      reportTrouble(post, error, { runId });
      return;
    }
    const { trainer, run } = active;
    let reason: 'finished' | 'stopped' | 'failed';
    try {
      reason = await run.train();
    } catch (error) {
      reason = 'failed';
      reportTrouble(post, error, { runId });
    }
    const elapsedSeconds = (performance.now() - started) / 1000;
    post({ type: 'ended', runId, step: trainer.step(), reason, elapsedSeconds });
  };

  const saveCheckpoint = async (runId: number, requestId: number): Promise<void> => {
    try {
      const found = of(runId);
      if (!found) throw new UserError('run/none', `Run ${runId} has nothing to save yet: wait until it has started.`);
      await found.run.between(async () => {
        const bytes = (await found.trainer.checkpoint()).buffer;
        const step = found.trainer.step();
        post({ type: 'checkpoint', runId, requestId, step, fileName: fileName(runId, step), bytes }, [bytes]);
      });
    } catch (error) {
      reportTrouble(post, error, { runId, requestId });
    }
  };

  return {
    start,
    pause: (runId) => of(runId)?.run.pause(),
    continue: (runId) => of(runId)?.run.continue(),
    stop: (runId) => of(runId)?.run.stop(),
    saveCheckpoint,
    readCheckpoint: (requestId, name, bytes) => {
      try {
        const { config, position, datasetFingerprint, tensors } = readCheckpoint(new Uint8Array(bytes));
        checkTensors(config, tensors);
        post({ type: 'checkpointRead', requestId, name, config, step: position.step, datasetFingerprint });
      } catch (error) {
        reportTrouble(post, error, { requestId });
      }
    },
  };
}

const fileName = (runId: number, step: number): string => `slotcon-run${runId}-step${step}.safetensors`;

function runEvents(post: Post, runId: number): Parameters<typeof createRun>[1] {
  return {
    step: (record, verdict, timing) => post({ type: 'step', runId, record, verdict, ...timing }),
    overlays: (step, overlays) => post({ type: 'overlays', runId, step, overlays }),
    paused: (step) => post({ type: 'paused', runId, step }),
    continued: (step) => post({ type: 'continued', runId, step }),
    autosave: (step, bytes) =>
      post({ type: 'autosaved', runId, step, fileName: fileName(runId, step), bytes: bytes.buffer }, [bytes.buffer]),
  };
}

/** Whatever was thrown, as a message for the person; what isn't a UserError is a bug and keeps its stack for a report. */
export function reportTrouble(post: Post, error: unknown, about: { runId?: number; requestId?: number } = {}): void {
  const code = error instanceof UserError ? error.code : 'worker/unexpected';
  const detail = error instanceof UserError || !(error instanceof Error) ? undefined : error.stack;
  post({ type: 'trouble', code, message: errorMessage(error), ...(detail === undefined ? {} : { detail }), ...about });
}

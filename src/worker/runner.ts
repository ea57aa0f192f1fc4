import { UserError } from '../lib/errors.ts';
import type { Engine } from '../ops/ops.ts';
import { withCheckpoint } from '../trainer/frozen.ts';
import { createRun, type Run } from '../trainer/run.ts';
import { createTrainer, type Trainer } from '../trainer/trainer.ts';
import type { Dataset } from './dataset.ts';
import { beginFrom, fileFormats, openBlob, writeFile } from './files.ts';
import { createJobs, type JobRunner } from './jobs.ts';
import type { Frozen } from './jobs/jobContext.ts';
import { createLiveScores } from './liveScores.ts';
import { createMasks } from './masks.ts';
import { reportTrouble, type Message, type Post } from './post.ts';

/** One run at a time; an ended run stays, for its checkpoint, until the next starts. */
export interface Runner {
  start(message: Message<'start'>): Promise<void>;
  pause(runId: number): void;
  continue(runId: number): void;
  stop(runId: number): void;
  setClasses(message: Message<'setClasses'>): void;
  saveCheckpoint(message: Message<'saveCheckpoint'>): Promise<void>;
  readMasks(message: Message<'readMasks'>): Promise<void>;
  scoreEvery(message: Message<'scoreEvery'>): void;
  readonly jobs: JobRunner;
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
  let building = false;
  /** The classes heard of last, for a run that is still being prepared. */
  let named: Message<'setClasses'> | undefined;
  const masks = createMasks();
  const live = createLiveScores(post, masks);
  let turn: Promise<unknown> = Promise.resolve();
  /** One model at a time is built on the engine. */
  const inTurn = <Result>(job: () => Promise<Result>): Promise<Result> => {
    const mine = turn.then(job);
    turn = mine.catch(() => undefined);
    return mine;
  };

  const prepare = async ({ runId, config, resume, stopAfter = Infinity }: Message<'start'>): Promise<Active> => {
    const preparing = (doing: string, fraction: number): void => post({ type: 'preparing', runId, doing, fraction });
    preparing('Waiting for the images', 0);
    const images = await dataset.source();
    preparing('Building the model', BEFORE_KERNELS / 2);
    const beginning = resume && beginFrom(await openBlob(resume), config, images);
    const trainer = await createTrainer({
      engine: await engine(),
      config,
      images,
      ...(beginning ? { resume: beginning.checkpoint } : {}),
      onProgress: (share) => preparing('Compiling kernels', BEFORE_KERNELS + (1 - BEFORE_KERNELS) * share),
    });
    if (active) await active.run.between(async () => active?.trainer.dispose());
    const events = runEvents(post, runId);
    const step: typeof events.step = (record, ...rest) => {
      events.step(record, ...rest);
      // Asked for within the step, it comes before the next. Another run that is being built has the engine to itself.
      if (live.isDue(record.step) && !building)
        void run.between(async () => live.score(frozen(await engine(), trainer)));
      if (record.step >= stopAfter) run.stop();
    };
    const run = createRun(trainer, { ...events, step }, () => performance.now());
    post({
      ...{ type: 'started', runId, config, step: trainer.step(), totalSteps: trainer.totalSteps },
      ...{ notes: beginning?.notes ?? [], imageCount: images.count, formats: fileFormats(config) },
    });
    return { runId, trainer, run };
  };

  const start = async (message: Message<'start'>): Promise<void> => {
    const { runId, classes } = message;
    if (classes) named = { type: 'setClasses', runId, classes };
    if (active) active.run.stop();
    const started = performance.now();
    try {
      building = true;
      active = await inTurn(() => prepare(message)).finally(() => (building = false));
      if (named?.runId === runId) active.trainer.setClasses(named.classes);
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

  const saveCheckpoint = async ({ runId, requestId, format }: Message<'saveCheckpoint'>): Promise<void> => {
    try {
      const found = of(runId);
      if (!found) throw new UserError('run/none', `Run ${runId} has nothing to save yet: wait until it has started.`);
      const checkpoint = await found.run.between(() => found.trainer.checkpoint());
      const { step } = checkpoint.position;
      post({ type: 'checkpoint', runId, requestId, step, format, ...writeFile(checkpoint, format) });
    } catch (error) {
      reportTrouble(post, error, { runId, requestId });
    }
  };

  const withModel = async <Result>(
    file: Blob | undefined,
    use: (frozen: Frozen) => Promise<Result>,
    onWait: () => Promise<void>,
  ): Promise<Result> => {
    const found = active;
    const ofFile = async (source: Blob): Promise<Result> => {
      await onWait();
      const opened = await openBlob(source);
      if (opened.kind === 'backbone') {
        throw new UserError('checkpoint/encoder-only', 'An encoder alone has no prototypes to show: train it first.');
      }
      const { checkpoint } = opened;
      const [opener, images] = [await engine(), await dataset.source()];
      const { step } = checkpoint.position;
      return withCheckpoint(opener, checkpoint, (model) => use({ engine: opener, model, step, images }));
    };
    const ofRun = async ({ trainer }: Active): Promise<Result> => {
      await onWait();
      return use(frozen(await engine(), trainer));
    };
    return inTurn(() => {
      if (file) return found ? found.run.between(() => ofFile(file)) : ofFile(file);
      if (!found) throw new UserError('run/none', 'There is no model yet: start a run or load a checkpoint.');
      return found.run.between(() => ofRun(found));
    });
  };

  const readMasks = async ({ requestId, files }: Message<'readMasks'>): Promise<void> => {
    try {
      masks.read(files);
      const images = await dataset.source();
      post({ type: 'masksRead', requestId, masked: masks.count(images), images: images.count });
    } catch (error) {
      reportTrouble(post, error, { requestId });
    }
  };

  return {
    start,
    readMasks,
    scoreEvery: live.ask,
    pause: (runId) => of(runId)?.run.pause(),
    continue: (runId) => of(runId)?.run.continue(),
    stop: (runId) => of(runId)?.run.stop(),
    setClasses: (message) => {
      named = message;
      of(message.runId)?.trainer.setClasses(message.classes);
    },
    saveCheckpoint,
    jobs: createJobs(post, masks, withModel),
  };
}

function frozen(engine: Engine, trainer: Trainer): Frozen {
  return { engine, model: trainer.model, step: trainer.step(), images: trainer.images };
}

function runEvents(post: Post, runId: number): Parameters<typeof createRun>[1] {
  return {
    step: (record, verdict, timing) => post({ type: 'step', runId, record, verdict, ...timing }),
    overlays: (step, watched) => post({ type: 'overlays', runId, step, ...watched }),
    paused: (step) => post({ type: 'paused', runId, step }),
    continued: (step) => post({ type: 'continued', runId, step }),
    autosave: (checkpoint) => {
      const { step } = checkpoint.position;
      post({ type: 'autosaved', runId, step, ...writeFile(checkpoint, 'safetensors') });
    },
  };
}

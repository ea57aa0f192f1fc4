import { UserError } from '../lib/errors.ts';
import { createSerialQueue } from '../lib/serialQueue.ts';
import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import type { Engine } from '../ops/engine.ts';
import { withCheckpointModel } from '../inference/temporaryModel.ts';
import { createTrainingLoop, type TrainingLoop } from '../trainer/trainingLoop.ts';
import { createTrainer, type Trainer } from '../trainer/trainer.ts';
import type { ImageSet } from './imageSet.ts';
import type { Device } from './device.ts';
import { beginFrom, fileFormats, openBlob, writeFile } from './checkpointFiles.ts';
import { createJobs, type JobRunner } from './jobs.ts';
import type { Frozen } from './jobs/jobContext.ts';
import { createLiveScores } from './liveScores.ts';
import { createMasks } from './masks.ts';
import { reportError, type Message, type Post } from './post.ts';
import { createRecovery, type Recovery, type Restart } from './recovery.ts';

/** One run at a time; an ended run stays, for its checkpoint, until the next starts. */
export interface RunController {
  start(message: Message<'start'>): Promise<void>;
  pause(runId: number): void;
  continue(runId: number): void;
  stop(runId: number): void;
  setClasses(message: Message<'setClasses'>): void;
  /** Saves the run in progress as if it were time to. */
  autosave(): Promise<void>;
  saveCheckpoint(message: Message<'saveCheckpoint'>): Promise<void>;
  readMasks(message: Message<'readMasks'>): Promise<void>;
  scoreEvery(message: Message<'scoreEvery'>): void;
  readonly jobs: JobRunner;
}

interface Active {
  readonly runId: number;
  readonly trainer: Trainer;
  readonly run: TrainingLoop;
  readonly recovery: Recovery;
}

/** How much of the progress bar is full when the kernels' turn comes. */
const BEFORE_KERNELS = 0.1;

/** What the person asked for while a run was being put right. */
type Asked = 'pause' | 'stop' | undefined;

const clock = (): number => performance.now();

export function createRunController(
  post: Post,
  dataset: ImageSet,
  device: Pick<Device, 'engine' | 'isLost'>,
): RunController {
  let active: Active | undefined;
  const of = (runId: number): Active | undefined => (active?.runId === runId ? active : undefined);
  let building = false;
  let asked: Asked;
  /** The classes heard of last, for a run that is still being prepared. */
  let named: Message<'setClasses'> | undefined;
  const masks = createMasks();
  const live = createLiveScores(post, masks);
  /** One model at a time is built on the engine. */
  const { run: inTurn } = createSerialQueue();

  /** Builds the run, or after trouble builds it again as it was saved last. */
  const prepare = async (
    message: Message<'start'>,
    recovery: Recovery,
    restart: Restart | undefined,
    hasStarted: boolean,
  ): Promise<Active> => {
    const { runId, resume, stopAfter = Infinity } = message;
    const config = restart?.config ?? message.config;
    const preparing = (doing: string, fraction: number): void =>
      post(
        hasStarted
          ? { type: 'recovering', runId, doing: restart?.doing ?? doing, fraction }
          : { type: 'preparing', runId, doing, fraction },
      );
    preparing('Waiting for the images', 0);
    const images = await dataset.source();
    preparing('Building the model', BEFORE_KERNELS / 2);
    const beginning = restart?.checkpoint
      ? { checkpoint: restart.checkpoint, notes: [] }
      : resume && beginFrom(await openBlob(resume), config, images);
    const engine = await device.engine();
    const trainer = await createTrainer({
      engine,
      config,
      images,
      clock,
      ...(beginning ? { resume: beginning.checkpoint } : {}),
      onProgress: (share) => preparing('Compiling kernels', BEFORE_KERNELS + (1 - BEFORE_KERNELS) * share),
    });
    await disposeActive();
    const events = runEvents(post, runId);
    const step: typeof events.step = (record, verdict, timing) => {
      events.step(record, verdict, timing);
      recovery.stepDone(record, verdict);
      // Asked for within the step, it comes before the next. Another run that is being built has the engine to itself.
      if (live.isDue(record.step) && !building) void run.runExclusive(async () => live.score(frozen(engine, trainer)));
      if (record.step >= stopAfter || recovery.hasCollapsed()) run.stop();
    };
    const autosave: typeof events.autosave = (checkpoint) => {
      recovery.saved(checkpoint);
      return events.autosave(checkpoint);
    };
    const run = createTrainingLoop(trainer, { ...events, step, autosave }, clock);
    post(
      hasStarted
        ? {
            ...{ type: 'recovered', runId, config, step: trainer.step() },
            ...(restart?.note === undefined ? {} : { note: restart.note }),
          }
        : {
            ...{ type: 'started', runId, config, step: trainer.step(), totalSteps: trainer.totalSteps },
            ...{ notes: beginning?.notes ?? [], imageCount: images.count, formats: fileFormats(config) },
          },
    );
    return { runId, trainer, run, recovery };
  };

  /** On a lost device there is nothing left to be freed, and trying may fail. */
  const disposeActive = async (): Promise<void> => {
    const old = active;
    active = undefined;
    await old?.run.runExclusive(async () => old.trainer.dispose()).catch(() => undefined);
  };

  const build = async (...how: Parameters<typeof prepare>): Promise<Active> => {
    const [message] = how;
    building = true;
    const built = await inTurn(() => prepare(...how)).finally(() => (building = false));
    active = built;
    if (named?.runId === message.runId) built.trainer.setClasses(named.classes);
    if (asked === 'pause') built.run.pause();
    if (asked === 'stop') built.run.stop();
    asked = undefined;
    return built;
  };

  const start = async (message: Message<'start'>): Promise<void> => {
    const { runId, classes, config } = message;
    if (classes) named = { type: 'setClasses', runId, classes };
    if (active) active.run.stop();
    asked = undefined;
    const started = performance.now();
    const recovery = createRecovery(config);
    let mine: Active | undefined;
    let restart: Restart | undefined;
    const end = (reason: 'finished' | 'stopped' | 'failed'): void => {
      const elapsedSeconds = (performance.now() - started) / 1000;
      if (mine) post({ type: 'ended', runId, step: mine.trainer.step(), reason, elapsedSeconds });
    };
    for (;;) {
      try {
        mine = await build(message, recovery, restart, mine !== undefined);
        const reason = await mine.run.train();
        if (!recovery.hasCollapsed()) return end(reason);
        restart = recovery.afterCollapse();
      } catch (error) {
        try {
          const wasLost = !(error instanceof UserError) && (await device.isLost());
          const last = mine;
          restart = await recovery.afterError(error, wasLost, () =>
            last!.run.runExclusive(() => last!.trainer.checkpoint()),
          );
        } catch (final) {
          reportError(post, final, { runId });
          return end('failed');
        }
      }
      if (mine) post({ type: 'recovering', runId, doing: restart.doing, fraction: 0 });
    }
  };

  const saveCheckpoint = async ({ runId, requestId, format }: Message<'saveCheckpoint'>): Promise<void> => {
    try {
      const found = of(runId);
      if (!found)
        throw new UserError('run/none', `TrainingLoop ${runId} has nothing to save yet: wait until it has started.`);
      const checkpoint = await found.run.runExclusive(() => stateOf(found));
      const { step } = checkpoint.position;
      post({ type: 'checkpoint', runId, requestId, step, format, ...writeFile(checkpoint, format) });
    } catch (error) {
      reportError(post, error, { runId, requestId });
    }
  };

  /** On a lost device the model is gone, but what was saved of it may be as far. */
  const stateOf = async ({ trainer, recovery }: Active): Promise<Checkpoint> => {
    try {
      return await trainer.checkpoint();
    } catch (error) {
      const saved = recovery.latest();
      if (saved?.position.step !== trainer.step() || !(await device.isLost())) throw error;
      return saved;
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
      const [opener, images] = [await device.engine(), await dataset.source()];
      const { step } = checkpoint.position;
      return withCheckpointModel(opener, checkpoint, (model) => use({ engine: opener, model, step, images }));
    };
    const ofRun = async ({ trainer }: Active): Promise<Result> => {
      await onWait();
      return use(frozen(await device.engine(), trainer));
    };
    return inTurn(() => {
      if (file) return found ? found.run.runExclusive(() => ofFile(file)) : ofFile(file);
      if (!found) throw new UserError('run/none', 'There is no model yet: start a run or load a checkpoint.');
      return found.run.runExclusive(() => ofRun(found));
    });
  };

  const readMasks = async ({ requestId, files }: Message<'readMasks'>): Promise<void> => {
    try {
      masks.read(files);
      const images = await dataset.source();
      post({ type: 'masksRead', requestId, masked: masks.count(images), images: images.count });
    } catch (error) {
      reportError(post, error, { requestId });
    }
  };

  return {
    start,
    readMasks,
    scoreEvery: live.ask,
    pause: (runId) => {
      if (building) asked = 'pause';
      of(runId)?.run.pause();
    },
    continue: (runId) => {
      if (building) asked = undefined;
      of(runId)?.run.continue();
    },
    stop: (runId) => {
      if (building) asked = 'stop';
      of(runId)?.run.stop();
    },
    autosave: async () => active?.run.save().catch(() => undefined),
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

function runEvents(post: Post, runId: number): Parameters<typeof createTrainingLoop>[1] {
  return {
    step: (record, verdict, timing) => post({ type: 'step', runId, record, verdict, timing }),
    overlays: (step, watched) => post({ type: 'overlays', runId, step, ...watched }),
    paused: (step) => post({ type: 'paused', runId, step }),
    continued: (step) => post({ type: 'continued', runId, step }),
    autosave: (checkpoint) => {
      const { step } = checkpoint.position;
      post({ type: 'autosaved', runId, step, ...writeFile(checkpoint, 'safetensors') });
    },
  };
}

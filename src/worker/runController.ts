import type { PrototypeClasses } from '../domain/classes.ts';
import { UserError } from '../lib/errors.ts';
import type { SerialQueue } from '../lib/async/serialQueue.ts';
import { createTrainingLoop } from '../trainer/trainingLoop.ts';
import { exportFile, fileFormats } from './files/checkpointFiles.ts';
import type { CommandOf } from './commands.ts';
import type { WorkerEvent } from './events.ts';
import { errorReport } from './post.ts';
import type { InputOf, SavedFile } from './requests.ts';
import {
  buildTrainer,
  checkpointOf,
  discardRun,
  postingEvents,
  type BuildOrder,
  type BuildPorts,
  type BuiltTrainer,
  type LiveRun,
} from './run/buildRun.ts';
import type { LiveScores } from './run/liveScores.ts';
import { createRecovery, type Recovery, type Restart } from './run/recovery.ts';

/** One run at a time. An ended run stays, for its checkpoint, until the next is built. */
export interface RunController {
  start(command: CommandOf<'start'>): Promise<void>;
  /** Pauses, continues or stops the run, now or as soon as it is built. */
  command(runId: number, command: RunCommand): void;
  setClasses(runId: number, classes: PrototypeClasses): void;
  /** Saves the run in progress as if it were time to. */
  autosave(): Promise<void>;
  saveCheckpoint(input: InputOf<'saveCheckpoint'>): Promise<SavedFile>;
  /** The run whose model is on the device. */
  current(): LiveRun | undefined;
}

export type RunCommand = 'pause' | 'continue' | 'stop';

export interface RunControllerPorts extends BuildPorts {
  /** One model at a time is built on the engine. */
  readonly builds: SerialQueue;
  readonly liveScores: Pick<LiveScores, 'isDue' | 'score'>;
}

/** The latest command and classes of a run: they outlast every rebuild. */
interface Wanted {
  readonly runId: number;
  readonly command?: RunCommand;
  readonly classes?: PrototypeClasses;
}

type RunState =
  | { readonly status: 'empty' }
  /** From `start`, or from an interruption, until its model is there. `previous` is on the device until then. */
  | (Wanted & { readonly status: 'building'; readonly previous: LiveRun | undefined })
  /** Training, paused or ended. */
  | (Wanted & { readonly status: 'live'; readonly live: LiveRun });

export function createRunController(ports: RunControllerPorts): RunController {
  const { post, device, builds, liveScores, clock } = ports;
  let state: RunState = { status: 'empty' };

  const current = (): LiveRun | undefined =>
    state.status === 'live' ? state.live : state.status === 'building' ? state.previous : undefined;
  /** An interrupted run is built again, and then obeys what was wanted of it before. */
  const interrupted = (live: LiveRun): void => {
    if (state.status !== 'live' || state.live !== live) return;
    const { live: previous, ...wanted } = state;
    state = { ...wanted, status: 'building', previous };
  };
  /** Back to what was there before a run that can't be built. */
  const failed = (runId: number): void => {
    if (state.status !== 'building' || state.runId !== runId) return;
    const { previous } = state;
    if (!previous) state = { status: 'empty' };
    else if (previous.runId === runId) state = { ...state, status: 'live', live: previous };
    else state = { status: 'live', runId: previous.runId, live: previous };
  };

  const createLiveRun = (order: BuildOrder, { engine, trainer }: BuiltTrainer, recovery: Recovery): LiveRun => {
    const { runId, stopAfter = Infinity } = order.start;
    const events = postingEvents(post, runId);
    const loop = createTrainingLoop(
      trainer,
      {
        ...events,
        step: (record, verdict, timing) => {
          events.step(record, verdict, timing);
          recovery.stepDone(record, verdict);
          // Queued within the step, it comes before the next. A run that is being built has the engine to itself.
          if (liveScores.isDue(record.step) && state.status !== 'building') {
            const { model, images } = trainer;
            void loop.runExclusive(() => liveScores.score({ engine, model, step: trainer.step(), images }));
          }
          if (record.step >= stopAfter || recovery.hasCollapsed()) loop.stop();
        },
        autosave: (checkpoint) => {
          recovery.saved(checkpoint);
          return events.autosave(checkpoint);
        },
      },
      clock,
      { restsAfter: (step) => step >= stopAfter || liveScores.isDue(step) },
    );
    return { runId, trainer, loop, recovery };
  };

  /** Returns undefined if another run was started meanwhile. */
  const build = async (order: BuildOrder, recovery: Recovery): Promise<LiveRun | undefined> => {
    const { runId } = order.start;
    const isWanted = (): boolean => state.status === 'building' && state.runId === runId;
    const built = await buildTrainer(ports, order);
    const previous = current();
    if (isWanted() && previous) {
      state = { ...state, previous: undefined } as RunState;
      await discardRun(previous);
    }
    if (state.status !== 'building' || !isWanted()) {
      built.trainer.dispose();
      return undefined;
    }
    const live = createLiveRun(order, built, recovery);
    post(builtEvent(order, built));
    const { runId: id, command, classes } = state;
    state = { status: 'live', runId: id, live, ...(command && { command }), ...(classes && { classes }) };
    if (classes) live.trainer.setClasses(classes);
    if (command) live.loop[command]();
    return live;
  };

  /** Trains until the run ends, rebuilding it after interruptions as long as its recovery allows. */
  const supervise = async (start: CommandOf<'start'>): Promise<void> => {
    const { runId } = start;
    const recovery = createRecovery(start.config);
    const startedAt = clock();
    let live: LiveRun | undefined;
    let restart: Restart | undefined;
    const end = (reason: 'finished' | 'stopped' | 'failed'): void => {
      const elapsedSeconds = (clock() - startedAt) / 1000;
      if (live) post({ type: 'ended', runId, step: live.trainer.step(), reason, elapsedSeconds });
    };
    for (;;) {
      try {
        const order = { start, restart, hasStarted: live !== undefined };
        const built = await builds.run(() => build(order, recovery));
        if (!built) return;
        live = built;
        const reason = await live.loop.train();
        if (!recovery.hasCollapsed()) {
          end(reason);
          return;
        }
        interrupted(live);
        restart = recovery.afterCollapse();
      } catch (error) {
        if (live) interrupted(live);
        try {
          restart = await restartAfter(error, live, recovery);
        } catch (final) {
          failed(runId);
          post({ type: 'runFailed', runId, error: errorReport(final) });
          end('failed');
          return;
        }
      }
      if (live) post({ type: 'recovering', runId, phase: restart.phase, fraction: 0 });
    }
  };
  const restartAfter = async (error: unknown, live: LiveRun | undefined, recovery: Recovery): Promise<Restart> => {
    const wasLost = !(error instanceof UserError) && (await device.isLost());
    return recovery.afterError(error, wasLost, () => {
      if (!live) throw error;
      return live.loop.runExclusive(() => live.trainer.checkpoint());
    });
  };

  return {
    current,
    start: (order) => {
      const previous = current();
      previous?.loop.stop();
      const { runId, classes } = order;
      state = { status: 'building', runId, previous, ...(classes && { classes }) };
      return supervise(order);
    },
    command: (runId, command) => {
      if (state.status === 'empty' || state.runId !== runId || state.command === 'stop') return;
      state = { ...state, command };
      if (state.status === 'live') state.live.loop[command]();
    },
    setClasses: (runId, classes) => {
      if (state.status === 'empty' || state.runId !== runId) return;
      state = { ...state, classes };
      if (state.status === 'live') state.live.trainer.setClasses(classes);
    },
    autosave: async () =>
      current()
        ?.loop.save()
        .catch(() => undefined),
    saveCheckpoint: async ({ runId, format }) => {
      const live = current();
      if (live?.runId !== runId) {
        throw new UserError('run/none', 'The run has nothing to save yet: wait until it has started.');
      }
      const checkpoint = await live.loop.runExclusive(() => checkpointOf(live, device));
      return { step: checkpoint.position.step, ...(await exportFile(checkpoint, format)) };
    },
  };
}

function builtEvent({ start: { runId }, restart, hasStarted }: BuildOrder, built: BuiltTrainer): WorkerEvent {
  const { trainer, config, notes, imageCount } = built;
  const step = trainer.step();
  if (hasStarted) {
    const note = restart?.note;
    return { type: 'recovered', runId, config, step, ...(note === undefined ? {} : { note }) };
  }
  const { totalSteps } = trainer;
  return { type: 'started', runId, config, step, totalSteps, notes, imageCount, formats: fileFormats(config) };
}

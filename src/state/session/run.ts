import type { Config } from '../../config/fields.ts';
import type { PrototypeClasses } from '../../domain/classes.ts';
import type { History } from '../../lib/history.ts';
import type { FileFormat, Progress } from '../../worker/contracts.ts';
import type { WorkerEvent } from '../../worker/events.ts';
import type { ClassesSlice } from './classes.ts';
import type { SessionCore } from './core.ts';
import { rewindLive } from './live/live.ts';

/** A run before its first step. */
export interface RunPlan {
  readonly runId: number;
  readonly title: string;
  readonly config: Config;
  /** Continues the curves and overlays that are there, instead of starting them anew. */
  readonly keepsHistory: boolean;
}

export interface Run extends RunPlan {
  readonly startStep: number;
  readonly totalSteps: number;
  readonly notes: readonly string[];
  readonly imageCount: number;
  /** The formats it can be saved in. */
  readonly formats: readonly FileFormat[];
}

/** lost: the worker is gone and its state with it. */
export type EndReason = 'finished' | 'stopped' | 'failed' | 'lost';

/** `pending` is a command that the worker has not obeyed yet. */
export type RunState =
  | { readonly status: 'idle' }
  | ({ readonly status: 'preparing'; readonly plan: RunPlan; readonly pending?: 'stop' } & Progress)
  | {
      readonly status: 'training';
      readonly run: Run;
      readonly pending?: 'pause' | 'stop';
      /** The run was interrupted by an error and is being rebuilt. */
      readonly recovering?: Progress;
    }
  | { readonly status: 'paused'; readonly run: Run; readonly step: number; readonly pending?: 'continue' | 'stop' }
  | {
      readonly status: 'ended';
      readonly run: Run;
      readonly step: number;
      readonly reason: EndReason;
      readonly elapsedSeconds: number;
    };

export interface RunSlice {
  readonly run: RunState;
}

export const INITIAL_RUN: RunSlice = { run: { status: 'idle' } };

/** The run on the screen: in progress, or ended. */
export function runOf(state: RunState): Run | undefined {
  return state.status === 'training' || state.status === 'paused' || state.status === 'ended' ? state.run : undefined;
}

/** Id of the run that is prepared or on the screen. */
export function runIdOf(state: RunState): number | undefined {
  return state.status === 'preparing' ? state.plan.runId : runOf(state)?.runId;
}

/** True while the worker is busy with a run, so that images and engine must stay as they are. */
export function isActive(state: RunState): boolean {
  return state.status === 'preparing' || state.status === 'training' || state.status === 'paused';
}

/** True when the worker holds a state that can be saved. */
export function isSavable(state: RunState): boolean {
  return runOf(state) !== undefined && !(state.status === 'ended' && state.reason === 'lost');
}

/** Applies an event; those of another run change nothing. */
export function reduceRun(state: RunState, event: WorkerEvent): RunState {
  if (!('runId' in event) || event.runId !== runIdOf(state)) return state;
  if (state.status === 'preparing') return reducePreparing(state, event);
  if (state.status === 'idle' || state.status === 'ended') return state;
  const { run } = state;
  const pending = state.status === 'training' && state.pending ? { pending: state.pending } : {};
  switch (event.type) {
    case 'paused':
      return { status: 'paused', run, step: event.step };
    case 'continued':
      return { status: 'training', run };
    case 'ended': {
      const { step, reason, elapsedSeconds } = event;
      return { status: 'ended', run, step, reason, elapsedSeconds };
    }
    case 'recovering': {
      const { phase, fraction } = event;
      return { status: 'training', run, recovering: { phase, fraction }, ...pending };
    }
    case 'recovered': {
      const notes = event.note === undefined ? run.notes : [...run.notes, event.note];
      return { status: 'training', run: { ...run, config: event.config, notes }, ...pending };
    }
    default:
      return state;
  }
}

function reducePreparing(state: Extract<RunState, { status: 'preparing' }>, event: WorkerEvent): RunState {
  switch (event.type) {
    case 'preparing':
      return { ...state, phase: event.phase, fraction: event.fraction };
    case 'started': {
      const { config, step: startStep, totalSteps, notes, imageCount, formats } = event;
      const run = { ...state.plan, config, startStep, totalSteps, notes, imageCount, formats };
      return { status: 'training', run, ...(state.pending ? { pending: state.pending } : {}) };
    }
    case 'runFailed':
    case 'ended':
      return { status: 'idle' };
    default:
      return state;
  }
}

/** The run on the screen once its worker is gone, after its last known step. */
export function runAfterLoss(state: RunState, lastStep: number | undefined): RunState {
  const run = runOf(state);
  if (!run) return { status: 'idle' };
  return { status: 'ended', run, step: lastStep ?? run.startStep, reason: 'lost', elapsedSeconds: 0 };
}

export interface RunActions {
  /** Saves the run's state now: the page may be closed soon. */
  saveState(): void;
  pause(): void;
  continueRun(): void;
  stop(): void;
  /** Ends runs started from now on after this step, as if stopped by hand: exactly there, which a click can't promise. */
  stopAfter(step: number): void;
}

/** Actions, and what the session needs beside them. */
export interface RunPart {
  readonly actions: RunActions;
  /** Starts a run, from `source` if there is one. */
  begin(plan: Omit<RunPlan, 'runId'>, classes: History<PrototypeClasses>, source?: Blob, anew?: boolean): void;
  /** Drops curves and overlays after `step`, or all of them where the run starts its own. */
  rewind(step: number): void;
  /** Sends the classes of the run to the worker. */
  sendClasses(classes: PrototypeClasses): void;
}

export function createRunSlice({ store, live, series, send, nextId }: SessionCore<RunSlice & ClassesSlice>): RunPart {
  const { getState: get, setState: set } = store;
  let lastStep: number | undefined;

  const begin: RunPart['begin'] = (plan, classes, source, anew = false) => {
    const runId = nextId();
    set({ classes, run: { status: 'preparing', plan: { ...plan, runId }, phase: 'Getting ready', fraction: 0 } });
    const resume = source ? { resume: source, ...(anew && { anew: true as const }) } : {};
    const stopAfter = lastStep === undefined ? {} : { stopAfter: lastStep };
    send({ type: 'start', runId, config: plan.config, classes: classes.present, ...resume, ...stopAfter });
  };
  return {
    begin,
    actions: {
      saveState: () => send({ type: 'autosave' }),
      pause: () => {
        const { run } = get();
        if (run.status !== 'training' || run.pending) return;
        set({ run: { ...run, pending: 'pause' } });
        send({ type: 'pause', runId: run.run.runId });
      },
      continueRun: () => {
        const { run } = get();
        if (run.status !== 'paused' || run.pending) return;
        set({ run: { ...run, pending: 'continue' } });
        send({ type: 'continue', runId: run.run.runId });
      },
      stop: () => {
        const { run } = get();
        if (run.status === 'idle' || run.status === 'ended') return;
        set({ run: { ...run, pending: 'stop' } });
        send({ type: 'stop', runId: run.status === 'preparing' ? run.plan.runId : run.run.runId });
      },
      stopAfter: (step) => (lastStep = step),
    },
    rewind: (step) => {
      const { run } = get();
      const keeps = run.status === 'preparing' ? run.plan.keepsHistory : runOf(run) !== undefined;
      live.setState(rewindLive(live.getState(), keeps ? step : undefined), true);
      if (keeps) series.truncate(step);
      else series.clear();
    },
    sendClasses: (classes) => {
      const { run } = get();
      const runId = runIdOf(run);
      if (runId !== undefined && (run.status === 'preparing' || isSavable(run))) {
        send({ type: 'setClasses', runId, classes });
      }
    },
  };
}

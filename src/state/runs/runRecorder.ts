import type { Config } from '../../config/fields.ts';
import type { SweepOutcome } from '../../config/sweepTable.ts';
import { copyCurves, savedImage, type SavedRun, type SavedRunState, type SavedSweep } from './savedRun.ts';
import { SERIES_NAMES, type Curves, type SeriesName } from './series.ts';
import type { Session } from '../session/session.ts';
import { datasetOf, runOf, type Run, type RunState } from '../session/state.ts';

/** Keeps the run on the screen while it goes. */
export interface RunRecorder {
  /** Undefined before its first step. */
  currentId(): string | undefined;
  /** The next run that goes on with a history is this one. */
  continueAs(run: SavedRun): void;
  /** What the next run is in a sweep. */
  belongTo(sweep: SavedSweep | undefined): void;
  /** What the run on the screen came to in its sweep; a run that never started is kept for its failure. */
  recordOutcome(outcome: SweepOutcome, title: string, config: Config): void;
}

/** Where it is kept. */
export interface RunKeeper {
  find(id: string): SavedRun | undefined;
  keep(run: SavedRun, curves?: Curves): void;
  keepCheckpoint(id: string, step: number, source: Blob, curves: Curves): void;
  /** Another run begins: what went wrong with the one before it may be said again. */
  beginAnew(): void;
}

export interface Clock {
  now(): number;
  newId(): string;
}

/** Between two saves of a run that trains. */
const SAVE_MS = 5000;
const PICTURES = 4;
/** The id of none: a run that is to be taken up has none yet. */
const NO_RUN = -1;

export function createRunRecorder(session: Session, keeper: RunKeeper, { now, newId }: Clock): RunRecorder {
  const { find, keep } = keeper;
  let current: { readonly id: string; readonly runId: number; readonly startedAt: number } | undefined;
  let sweep: SavedSweep | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const saveCurrent = (): void => {
    clearTimeout(timer);
    timer = undefined;
    const { run: runState } = session.store.getState();
    const run = runOf(runState);
    if (!current || run?.runId !== current.runId) return;
    const { id, startedAt } = current;
    const described = { ...describe(session, run, runState), id, startedAt, changedAt: now() };
    keep({ ...find(id), ...described, title: find(id)?.title ?? run.title }, copyCurves(session.series));
  };
  const saveSoon = (): void => {
    if (current) timer ??= setTimeout(saveCurrent, SAVE_MS);
  };
  const begin = (run: Run): void => {
    const goesOn = run.keepsHistory && current !== undefined;
    current =
      goesOn && current ? { ...current, runId: run.runId } : { id: newId(), runId: run.runId, startedAt: now() };
    keeper.beginAnew();
    saveCurrent();
    if (sweep) keep({ ...find(current.id)!, sweep });
  };

  session.store.subscribe((state, before) => {
    const run = runOf(state.run);
    if (state.run !== before.run && run) {
      if (state.run.status === 'training' && run.runId !== current?.runId) begin(run);
      else if (run.runId === current?.runId) saveCurrent();
    }
    const { autosave } = state;
    if (current && autosave && autosave !== before.autosave && autosave.runId === current.runId) {
      // Kept together, so that after a crash the curves reach as far as the checkpoint.
      keeper.keepCheckpoint(current.id, autosave.step, autosave.source, copyCurves(session.series));
    }
    if (state.scores.report !== before.scores.report && state.scores.report) saveCurrent();
  });
  session.live.subscribe(({ record }, before) => {
    if (record !== before.record && record) saveSoon();
  });
  return {
    currentId: () => current?.id,
    continueAs: ({ id, startedAt }) => (current = { id, startedAt, runId: NO_RUN }),
    belongTo: (next) => (sweep = next),
    recordOutcome: (outcome, title, config) => {
      if (!sweep) return;
      const runId = runOf(session.store.getState().run)?.runId;
      const run = current && runId === current.runId ? find(current.id) : undefined;
      const failed = (): SavedRun => ({
        ...{ id: newId(), title, config, startedAt: now(), changedAt: now(), state: 'failed', step: 0, totalSteps: 0 },
        ...{ images: datasetOf(session.store.getState().images)?.name ?? '', adapter: '', latest: {}, pictures: [] },
      });
      keep({ ...(run?.sweep?.id === sweep.id && !run.sweep.outcome ? run : failed()), sweep: { ...sweep, outcome } });
    },
  };
}

/** The run on the screen as it is now. */
function describe({ store, live, series }: Session, run: Run, state: RunState) {
  const { adapter, images, scores } = store.getState();
  const { record, snapshots } = live.getState();
  const latest: Partial<Record<SeriesName, number>> = {};
  for (const name of SERIES_NAMES) {
    const value = series.values(name).at(-1);
    if (value !== undefined) latest[name] = value;
  }
  const last = scores.curve.at(-1);
  const { title, config, totalSteps, startStep } = run;
  return {
    ...{ title, config, totalSteps, latest, state: stateOf(state), step: record?.step ?? startStep },
    images: datasetOf(images)?.name ?? '',
    adapter: adapter.status === 'ready' ? adapter.adapter.description : '',
    pictures: (snapshots.at(-1)?.overlays ?? []).slice(0, PICTURES).map(savedImage),
    ...(last ? { scores: last } : {}),
  };
}

function stateOf(state: RunState): SavedRunState {
  if (state.status === 'ended') return state.reason;
  return state.status === 'paused' ? 'paused' : 'going';
}

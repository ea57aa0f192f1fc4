import type { Config } from '../../config/fields.ts';
import type { SweepOutcome } from '../../config/sweep/sweepTable.ts';
import type { Session } from '../session/session.ts';
import { datasetOf } from '../session/images.ts';
import { runOf, type Run, type RunState } from '../session/run.ts';
import {
  copyCurves,
  shrinkImage,
  type SavedExplored,
  type SavedRun,
  type SavedRunState,
  type SavedSweep,
} from './savedRun.ts';
import { SERIES, type SeriesName } from '../../signals/metrics.ts';
import type { Curves } from './series.ts';

/** Saves the run on the screen while it is in progress and when it is over. */
export interface RunRecorder {
  /** Undefined before its first step. */
  currentId(): string | undefined;
  /** Makes the next run that continues a history this saved one. */
  continueAs(run: SavedRun): void;
  /** Sets the sweep that the next runs belong to. */
  setSweep(sweep: SavedSweep | undefined): void;
  /** Records the outcome of the run on the screen in its sweep; a run that never started is saved for its failure. */
  recordOutcome(outcome: SweepOutcome, title: string, config: Config, explored?: SavedExplored): void;
}

/** Where the recorder saves to. */
export interface RunArchive {
  find(id: string): SavedRun | undefined;
  save(run: SavedRun, curves?: Curves): void;
  saveCheckpoint(id: string, step: number, source: Blob, curves: Curves): void;
  /** Called when a run begins, before it is saved. */
  onRunStart(): void;
}

export interface RecorderPorts {
  now(): number;
  newId(): string;
}

/** Time between two saves of a run that trains. */
const SAVE_MS = 5000;
const MAX_IMAGES = 4;
/** Run id of a saved run that has not been continued yet. */
const NO_RUN = -1;

interface CurrentRun {
  readonly id: string;
  readonly runId: number;
  readonly startedAt: number;
}

export function createRunRecorder(session: Session, archive: RunArchive, { now, newId }: RecorderPorts): RunRecorder {
  const { find, save } = archive;
  let current: CurrentRun | undefined;
  let sweep: SavedSweep | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const saveCurrent = (): void => {
    clearTimeout(timer);
    timer = undefined;
    const { run: runState } = session.store.getState();
    const run = runOf(runState);
    if (!current || run?.runId !== current.runId) return;
    const { id, startedAt } = current;
    const saved = find(id);
    const described = { ...describe(session, run, runState), id, startedAt, changedAt: now() };
    save({ ...saved, ...described, title: saved?.title ?? run.title }, copyCurves(session.series));
  };
  const saveSoon = (): void => {
    if (current) timer ??= setTimeout(saveCurrent, SAVE_MS);
  };
  const begin = (run: Run): void => {
    const { runId, keepsHistory } = run;
    const { id, startedAt } = (keepsHistory ? current : undefined) ?? { id: newId(), startedAt: now() };
    current = { id, startedAt, runId };
    archive.onRunStart();
    saveCurrent();
    const saved = find(id);
    if (sweep && saved) save({ ...saved, sweep });
  };

  session.store.subscribe((state, before) => {
    const run = runOf(state.run);
    if (state.run !== before.run && run) {
      if (state.run.status === 'training' && run.runId !== current?.runId) begin(run);
      else if (run.runId === current?.runId) saveCurrent();
    }
    const { autosave } = state;
    if (current && autosave && autosave !== before.autosave && autosave.runId === current.runId) {
      // Saved together, so that after a crash the curves reach as far as the checkpoint.
      archive.saveCheckpoint(current.id, autosave.step, autosave.source, copyCurves(session.series));
    }
    if (state.scores.report !== before.scores.report && state.scores.report) saveCurrent();
  });
  session.live.subscribe(({ record }, before) => {
    if (record !== before.record && record) saveSoon();
  });
  return {
    currentId: () => current?.id,
    continueAs: ({ id, startedAt }) => (current = { id, startedAt, runId: NO_RUN }),
    setSweep: (next) => (sweep = next),
    recordOutcome: (outcome, title, config, explored) => {
      if (!sweep) return;
      const { run: runState, images } = session.store.getState();
      const run = current && runOf(runState)?.runId === current.runId ? find(current.id) : undefined;
      const isRunOfPoint = run?.sweep?.id === sweep.id && !run.sweep.outcome;
      const imagesName = datasetOf(images)?.name ?? '';
      const saved = isRunOfPoint ? run : failedRun(newId(), now(), { title, config, images: imagesName });
      save({ ...saved, sweep: { ...sweep, outcome }, ...(explored && { explored }) });
    },
  };
}

/** A run that never started. */
function failedRun(id: string, at: number, given: Pick<SavedRun, 'title' | 'config' | 'images'>): SavedRun {
  return {
    ...given,
    id,
    startedAt: at,
    changedAt: at,
    state: 'failed',
    adapter: '',
    step: 0,
    totalSteps: 0,
    latest: {},
    pictures: [],
  };
}

/** The run on the screen as it is now. */
function describe({ store, live, series }: Session, run: Run, state: RunState) {
  const { adapter, images, scores } = store.getState();
  const { record, snapshots } = live.getState();
  const latest: Partial<Record<SeriesName, number>> = {};
  for (const { name } of SERIES) {
    const value = series.values(name).at(-1);
    if (value !== undefined && !Number.isNaN(value)) latest[name] = value;
  }
  const lastScores = scores.curve.at(-1);
  return {
    title: run.title,
    config: run.config,
    totalSteps: run.totalSteps,
    step: record?.step ?? run.startStep,
    state: savedState(state),
    latest,
    images: datasetOf(images)?.name ?? '',
    adapter: adapter.status === 'ready' ? adapter.adapter.description : '',
    pictures: (snapshots.at(-1)?.overlays ?? []).slice(0, MAX_IMAGES).map(shrinkImage),
    ...(lastScores ? { scores: lastScores } : {}),
  };
}

function savedState(state: RunState): SavedRunState {
  if (state.status === 'ended') return state.reason;
  return state.status === 'paused' ? 'paused' : 'going';
}

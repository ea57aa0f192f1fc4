import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Config } from '../../config/fields.ts';
import { EXPLORE_AXIS, explorePoints } from '../../config/explore.ts';
import { makeConfig } from '../../config/parse.ts';
import { sweepPoints, type SweepAxis, type SweepPoint } from '../../config/sweep/sweep.ts';
import type { SweepOutcome } from '../../config/sweep/sweepTable.ts';
import { lastSteps, scoreMeasures } from '../../signals/runMeasures.ts';
import { scoringTarget } from '../session/scores.ts';
import type { Session } from '../session/session.ts';
import { datasetOf } from '../session/images.ts';
import { isActive, type RunState } from '../session/run.ts';
import { exploredOf, type Exploration } from './explorations.ts';
import type { RunHistory } from './runHistory.ts';
import type { SavedRun, SavedSweep } from './savedRun.ts';

export type SweepState =
  | { readonly status: 'none' }
  | {
      readonly status: 'running' | 'canceled' | 'done';
      readonly id: string;
      /** It is an exploration. */
      readonly explores: boolean;
      readonly runs: number;
      /** Runs that are over. */
      readonly done: number;
      /** What differs in the current run. */
      readonly label: string;
    };

/** Runs over the values of one or two settings, one after another. Their outcomes are in the run history. */
export interface SweepQueue {
  readonly store: StoreApi<SweepState>;
  /** Resolves when all are over; a run that fails is recorded and the next begins. Throws `config/…` before any run. */
  start(axes: readonly SweepAxis[], seeds: number, base: Config): Promise<void>;
  /** Short runs of every recipe, whose images are compared. `base` has the settings of all of them, as of `exploreConfig`. */
  explore(base: Config): Promise<void>;
  /** Goes on with an exploration of an earlier visit at the run where it was. */
  resume(exploration: Exploration): Promise<void>;
  /** Stops the current run and starts no other. */
  cancel(): void;
}

/** Runs from `first` on. */
interface Part {
  readonly first: number;
  readonly explores: boolean;
}

/** A sweep as far as its runs are in the history. */
export interface SavedSweepRuns {
  readonly id: string;
  readonly axes: readonly SweepAxis[];
  readonly runs: number;
  /** In the order of the runs. */
  readonly outcomes: readonly SweepOutcome[];
  readonly runIds: readonly string[];
}

/** The sweeps of saved runs; runs and sweeps are newest first. */
export function sweepsOf(runs: readonly SavedRun[]): readonly SavedSweepRuns[] {
  const sweeps = new Map<string, SavedSweepRuns>();
  for (const { id, sweep } of runs.toReversed()) {
    if (!sweep) continue;
    const { outcomes, runIds } = sweeps.get(sweep.id) ?? { outcomes: [], runIds: [] };
    sweeps.set(sweep.id, {
      id: sweep.id,
      axes: sweep.axes,
      runs: sweep.runs,
      outcomes: sweep.outcome ? [...outcomes, sweep.outcome] : outcomes,
      runIds: [...runIds, id],
    });
  }
  return [...sweeps.values()].reverse();
}

export function createSweepQueue(session: Session, runHistory: RunHistory, newId: () => string): SweepQueue {
  const store = createStore<SweepState>()(() => ({ status: 'none' }));
  const isRunning = (): boolean => store.getState().status === 'running';

  const runAll = async (points: readonly SweepPoint[], base: Config, { first, explores }: Part): Promise<void> => {
    const imagesName = datasetOf(session.store.getState().images)?.name ?? '';
    for (const [index, point] of points.entries()) {
      if (index < first) continue;
      if (!isRunning()) return;
      store.setState({ done: index, label: point.label });
      const config = makeConfig(base, point.overrides);
      const title = `${imagesName} · ${point.label}`;
      const outcome = await runPoint(session, config, title, !explores);
      const explored =
        explores && outcome.failure === undefined ? exploredOf(session, point.seed === base.seed) : undefined;
      // A run that was stopped by `cancel` is no result.
      if (isRunning()) runHistory.recordOutcome({ point, ...outcome }, title, config, explored);
    }
  };
  const begin = async (sweep: SavedSweep, points: readonly SweepPoint[], base: Config, first = 0): Promise<void> => {
    if (isRunning() || isActive(session.store.getState().run)) return;
    const { id, runs, explores = false } = sweep;
    store.setState({ status: 'running', id, explores, runs, done: first, label: points.at(first)?.label ?? '' }, true);
    // Every run starts from scratch: what is compared is the setting.
    session.discardResume();
    runHistory.setSweep(sweep);
    try {
      await runAll(points, base, { first, explores });
      if (isRunning()) store.setState({ status: 'done', done: runs });
    } finally {
      runHistory.setSweep(undefined);
    }
  };
  return {
    store,
    start: async (axes, seeds, base) => {
      const points = sweepPoints(axes, seeds, base);
      await begin({ id: newId(), axes, runs: points.length }, points, base);
    },
    explore: async (base) => {
      const points = explorePoints(base);
      await begin({ id: newId(), axes: [EXPLORE_AXIS], runs: points.length, explores: true }, points, base);
    },
    resume: async ({ id, runs, done, base }) => {
      await begin({ id, axes: [EXPLORE_AXIS], runs, explores: true }, explorePoints(base), base, done);
    },
    cancel: () => {
      if (!isRunning()) return;
      store.setState({ status: 'canceled' });
      session.stop();
    },
  };
}

/** Trains one run to its end and measures it. */
async function runPoint(
  session: Session,
  config: Config,
  title: string,
  isScored: boolean,
): Promise<Omit<SweepOutcome, 'point'>> {
  const noticeBefore = session.store.getState().notices.at(-1);
  session.start(config, title);
  const run = await whenOver(session);
  const { images, scores, notices } = session.store.getState();
  if (run.status !== 'ended' || run.reason === 'failed' || run.reason === 'lost') {
    const notice = notices.at(-1);
    const isNew = notice !== undefined && notice !== noticeBefore;
    return { measures: {}, failure: isNew ? notice.message : 'The run did not start.' };
  }
  const measures = lastSteps(session.series.recent());
  const target = scoringTarget(scores, datasetOf(images)?.samples ?? false);
  if (!isScored || !target || run.reason === 'stopped') return { measures };
  const scored = await session.runJob('score', target);
  if (scored.status !== 'done') return { measures };
  return { measures: { ...measures, ...scoreMeasures(scored.result) } };
}

/** Resolves to the run when it is over, or to idle where it didn't start. */
function whenOver({ store }: Session): Promise<RunState> {
  return new Promise((resolve) => {
    const check = (): void => {
      const { run } = store.getState();
      if (isActive(run)) return;
      unsubscribe();
      resolve(run);
    };
    const unsubscribe = store.subscribe(check);
    check();
  });
}

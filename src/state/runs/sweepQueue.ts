import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Config } from '../../config/fields.ts';
import { makeConfig } from '../../config/parse.ts';
import { sweepPoints, type SweepAxis, type SweepPoint } from '../../config/sweep.ts';
import type { SweepOutcome } from '../../config/sweepTable.ts';
import { lastSteps, scoreMeasures } from '../../domain/runMeasures.ts';
import type { SavedRun } from './savedRun.ts';
import type { RunHistory } from './runHistory.ts';
import { judgedBy } from '../session/scoring.ts';
import type { Session } from '../session/session.ts';
import { datasetOf, isActive, type RunState } from '../session/state.ts';

export type SweepState =
  | { readonly status: 'none' }
  | {
      readonly status: 'going' | 'canceled' | 'done';
      readonly id: string;
      readonly runs: number;
      /** Runs that are over. */
      readonly done: number;
      /** What differs in the run that goes now. */
      readonly label: string;
    };

/** Runs over the values of one or two settings, one after another. What they come to is in the kept runs. */
export interface SweepQueue {
  readonly store: StoreApi<SweepState>;
  /** Resolves when it is over; a run that fails is noted and the next begins. Throws `config/…` before any run. */
  start(axes: readonly SweepAxis[], seeds: number, base: Config): Promise<void>;
  /** Stops the run that goes and begins no other. */
  cancel(): void;
}

/** A sweep as far as its runs are kept. */
export interface SavedSweepRuns {
  readonly id: string;
  readonly axes: readonly SweepAxis[];
  readonly runs: number;
  /** In the order of the runs. */
  readonly outcomes: readonly SweepOutcome[];
  readonly runIds: readonly string[];
}

/** The newest first. */
export function sweepsOf(runs: readonly SavedRun[]): readonly SavedSweepRuns[] {
  const sweeps = new Map<string, SavedRun[]>();
  for (const run of runs) {
    if (run.sweep) sweeps.set(run.sweep.id, [run, ...(sweeps.get(run.sweep.id) ?? [])]);
  }
  return [...sweeps].flatMap(([id, members]) => {
    const first = members[0]?.sweep;
    if (!first) return [];
    const outcomes = members.flatMap(({ sweep }) => sweep?.outcome ?? []);
    return [{ id, axes: first.axes, runs: first.runs, outcomes, runIds: members.map((run) => run.id) }];
  });
}

export function createSweepQueue(session: Session, kept: RunHistory, newId: () => string): SweepQueue {
  const store = createStore<SweepState>()(() => ({ status: 'none' }));
  const isGoing = (): boolean => store.getState().status === 'going';

  const runPoint = async (config: Config, title: string): Promise<Omit<SweepOutcome, 'point'>> => {
    const troubles = session.store.getState().troubles.length;
    session.start(config, title);
    const run = await ended(session);
    if (run.status !== 'ended' || run.reason === 'failed' || run.reason === 'lost') {
      const said = session.store.getState().troubles;
      const message = said.length > troubles ? said.at(-1)?.message : undefined;
      return { measures: {}, failure: message ?? 'The run did not start.' };
    }
    const { images, scores } = session.store.getState();
    const judged = judgedBy(scores, datasetOf(images)?.samples ?? false);
    const measures = lastSteps(session.series.recent());
    if (!judged || run.reason === 'stopped') return { measures };
    const scored = await session.runJob({ kind: 'score', ...judged });
    return {
      measures: scored.status === 'done' ? { ...measures, ...scoreMeasures(scored.result.report.scores) } : measures,
    };
  };
  const runAll = async (points: readonly SweepPoint[], base: Config): Promise<void> => {
    const name = datasetOf(session.store.getState().images)?.name ?? '';
    for (const [index, point] of points.entries()) {
      if (!isGoing()) return;
      store.setState({ done: index, label: point.label });
      const config = makeConfig(base, point.overrides);
      const title = `${name} · ${point.label}`;
      const outcome = await runPoint(config, title);
      // A run that was broken off is no result.
      if (isGoing()) kept.recordOutcome({ point, ...outcome }, title, config);
    }
  };
  return {
    store,
    start: async (axes, seeds, base) => {
      const points = sweepPoints(axes, seeds, base);
      if (isGoing() || isActive(session.store.getState().run)) return;
      const id = newId();
      const runs = points.length;
      store.setState({ status: 'going', id, runs, done: 0, label: points[0]?.label ?? '' }, true);
      // Every run begins from scratch: what is compared is the setting.
      session.discardResume();
      kept.belongTo({ id, axes, runs });
      try {
        await runAll(points, base);
        if (isGoing()) store.setState({ status: 'done', done: runs });
      } finally {
        kept.belongTo(undefined);
      }
    },
    cancel: () => {
      if (!isGoing()) return;
      store.setState({ status: 'canceled' });
      session.stop();
    },
  };
}

/** The run when it is over, or idle where it didn't start. */
function ended({ store }: Session): Promise<RunState> {
  return new Promise((resolve) => {
    const look = (): boolean => {
      const { run } = store.getState();
      if (isActive(run)) return false;
      resolve(run);
      return true;
    };
    if (look()) return;
    const unsubscribe = store.subscribe(() => {
      if (look()) unsubscribe();
    });
  });
}

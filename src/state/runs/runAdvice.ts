import { adviseAfterRun, type Advice, type ExploredRecipe } from '../../signals/advice/advice.ts';
import { datasetOf } from '../session/images.ts';
import type { RunState } from '../session/run.ts';
import type { Session } from '../session/session.ts';
import { explorationsOf } from './explorations.ts';
import type { SavedRun } from './savedRun.ts';

/** What to do after the run on the screen, which has ended; nothing where it has measured nothing. */
export function runAdvice(
  { store, live, series }: Session,
  { run, reason }: Extract<RunState, { status: 'ended' }>,
  runs: readonly SavedRun[],
): readonly Advice[] {
  const { record, verdict, snapshots } = live.getState();
  if (!record || !verdict) return [];
  const dataset = datasetOf(store.getState().images);
  // The folder may have been replaced since.
  const isSame = dataset?.usable === run.imageCount;
  return adviseAfterRun({
    config: run.config,
    finished: reason === 'finished',
    startStep: run.startStep,
    record,
    verdict,
    health: snapshots.at(-1)?.health,
    loss: { steps: series.steps(), values: series.values('loss') },
    drawings: snapshots,
    images: { count: run.imageCount, different: (isSame ? dataset.different : undefined) ?? run.imageCount },
    explored: isSame ? exploredRecipes(runs, dataset.name) : [],
  });
}

/** Recipes of the latest exploration of these images. */
function exploredRecipes(runs: readonly SavedRun[], images: string): readonly ExploredRecipe[] {
  return explorationsOf(runs).find((one) => one.images === images && one.rows.length > 0)?.rows ?? [];
}

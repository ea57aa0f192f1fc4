import { SLOTS_BY_STOPS } from '../../config/slotsBy.ts';
import { startReadiness } from '../session/readiness.ts';
import { isActive } from '../session/run.ts';
import type { Session } from '../session/session.ts';
import type { Settings } from '../view/settings.ts';
import type { ExploredRow } from './explorations.ts';
import type { RunHistory } from './runHistory.ts';

/**
 * Fills in the settings of a recipe and starts: anew, or from the weights of its run, whose steps then come before those of
 * the form. Where it can't start, the form is filled in all the same and says why.
 */
export async function trainRecipe(
  {
    session,
    settings,
    runHistory,
  }: { session: Session; settings: Settings; runHistory: Pick<RunHistory, 'loadCheckpoint'> },
  { recipe, run }: Pick<ExploredRow, 'recipe' | 'run'>,
  fromWeights: boolean,
): Promise<void> {
  if (isActive(session.store.getState().run)) return;
  const stop = SLOTS_BY_STOPS[recipe];
  const { steps, watchedImages, displayEverySteps, autosaveEverySteps } = settings.store.getState().config;
  session.discardResume();
  if (fromWeights) {
    await runHistory.loadCheckpoint(run.id);
    if (!(await isLoaded(session))) return;
    const own = { watchedImages, displayEverySteps, autosaveEverySteps };
    settings.change({ ...run.config, ...own, steps: steps === 0 ? 0 : run.step + steps });
  }
  settings.change(stop.config);
  const { config } = settings.store.getState();
  if (startReadiness(session.store.getState(), config, 0).ready) session.start(config, `${run.images} · ${stop.label}`);
}

/** Resolves once the checkpoint is read, to whether it can be used. */
function isLoaded({ store }: Session): Promise<boolean> {
  return new Promise((resolve) => {
    const check = (): void => {
      const { status } = store.getState().resume;
      if (status === 'checking') return;
      unsubscribe();
      resolve(status === 'loaded');
    };
    const unsubscribe = store.subscribe(check);
    check();
  });
}

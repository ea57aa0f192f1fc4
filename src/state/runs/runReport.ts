import { version } from '../../../package.json';
import type { ReportData, ReportedRecipe } from '../../report/reportData.ts';
import { datasetOf } from '../session/images.ts';
import { isSavable, runOf } from '../session/run.ts';
import type { Session } from '../session/session.ts';
import type { Exploration } from './explorations.ts';
import { copyCurves } from './savedRun.ts';

/** The run on the screen for its report, with the latest exploration of its images; undefined while there is none. */
export function reportOf(
  { store, live, series }: Session,
  explorations: readonly Exploration[],
): ReportData | undefined {
  const { run: state, images, adapter, classes, scores } = store.getState();
  const run = runOf(state);
  if (!run || !isSavable(state)) return undefined;
  const { record, snapshots } = live.getState();
  const { name = '', samples = false } = datasetOf(images) ?? {};
  const { title, config, startStep, totalSteps, imageCount, notes } = run;
  const { report, baselines } = scores;
  return {
    title,
    config,
    images: { name, count: imageCount, folder: samples ? undefined : name },
    step: record?.step ?? startStep,
    totalSteps,
    startStep,
    outcome: state.status === 'ended' ? state.reason : state.status,
    seconds: state.status === 'ended' ? state.elapsedSeconds : undefined,
    adapter: adapter.status === 'ready' ? adapter.adapter.description : 'unknown',
    engine: adapter.status === 'ready' ? adapter.adapter.engine : 'unknown',
    versions: [`slotcon-tab ${version}`, browserName(navigator.userAgent)],
    date: new Date(),
    notes,
    curves: copyCurves(series),
    overlays: snapshots.at(-1)?.overlays ?? [],
    classes: classes.present,
    explored: recipesOf(explorations.find((one) => one.images === name)),
    scores: report ? { report, baselines } : undefined,
  };
}

function recipesOf(exploration: Exploration | undefined): ReportedRecipe[] {
  return (exploration?.rows ?? []).map(({ recipe, stability, slotsInUse, pictures, run }) => {
    return { recipe, stability, slotsInUse, pictures, prototypes: run.config.prototypes };
  });
}

/** The browser with its version, as it calls itself: "Firefox/140.0". */
function browserName(userAgent: string): string {
  return /(Firefox|Edg|OPR|Chrome|HeadlessChrome)\/[\d.]+/.exec(userAgent)?.[0] ?? userAgent;
}

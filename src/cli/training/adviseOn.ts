import { adviseAfterRun, type Advice } from '../../signals/advice/advice.ts';
import type { StepRecord } from '../../signals/metrics.ts';
import type { OverlaySnapshot } from '../../state/session/live/snapshots.ts';
import { judge } from '../../trainer/health.ts';
import type { RunSummary } from './runSummary.ts';

/** What to do after a run of the command line, in the words of the page. It knows of no exploration of the same images. */
export function adviseOn(
  { config, outcome, images }: Pick<RunSummary, 'config' | 'outcome' | 'images'>,
  records: readonly StepRecord[],
  drawings: readonly OverlaySnapshot[],
): readonly Advice[] {
  const record = records.at(-1);
  if (!record) return [];
  return adviseAfterRun({
    config,
    finished: outcome === 'finished',
    startStep: records[0].step - 1,
    record,
    verdict: judge(record),
    health: drawings.at(-1)?.health,
    loss: { steps: records.map(({ step }) => step), values: records.map(({ loss }) => loss) },
    drawings,
    images,
    explored: [],
  });
}

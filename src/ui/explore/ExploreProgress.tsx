import type { ReactElement } from 'react';
import { stepImages } from '../../config/batchSize.ts';
import { runOf } from '../../state/session/run.ts';
import { useApp, useLive, useSession, useSweep } from '../app.ts';
import { formatDuration } from '../widgets/format.ts';
import styles from './ExploreView.module.css';

/** One bar over all runs, with the time left. */
export function ExploreProgress(): ReactElement | null {
  const { sweeps } = useApp();
  const sweep = useSweep((state) => state);
  const run = useSession((state) => runOf(state.run));
  const step = useLive(({ record }) => record?.step ?? 0);
  const { etaSeconds, imagesPerSecond } = useLive((state) => state.timing);
  if (sweep.status !== 'running') return null;
  const { done, runs, label } = sweep;
  const fraction = run ? step / Math.max(1, run.totalSteps) : 0;
  const perRun = run && imagesPerSecond > 0 ? (run.totalSteps * stepImages(run.config)) / imagesPerSecond : undefined;
  const left = perRun === undefined ? undefined : etaSeconds + (runs - done - 1) * perRun;
  return (
    <div className={styles.progress} data-testid="explore-state">
      <progress max={runs} value={done + fraction} aria-label="Runs of the exploration" />
      <span>
        Run {done + 1} of {runs}: {label}
        {left !== undefined && ` · ${formatDuration(left)} left`}
      </span>
      <button type="button" onClick={sweeps.cancel} data-testid="cancel-explore">
        Cancel
      </button>
    </div>
  );
}

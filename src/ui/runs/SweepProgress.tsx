import type { ReactElement } from 'react';
import { useApp, useSweep } from '../app.ts';
import { plural } from '../widgets/format.ts';
import styles from './SweepProgress.module.css';

/** Progress of the sweep, and its outcome. */
export function SweepProgress(): ReactElement | null {
  const { sweeps } = useApp();
  const sweep = useSweep((state) => state);
  if (sweep.status === 'none') return null;
  const { status, done, runs, label } = sweep;
  if (status !== 'running') {
    return (
      <p className="muted" role="status" data-testid="sweep-state">
        {status === 'done'
          ? `The sweep is over: ${plural(runs, 'run')}.`
          : `The sweep was canceled after ${plural(done, 'run')}.`}
      </p>
    );
  }
  return (
    <div className={styles.progress} data-testid="sweep-state">
      <progress max={runs} value={done} aria-label="Runs of the sweep" />
      <span>
        Run {done + 1} of {runs}: {label}
      </span>
      <button type="button" className="small" onClick={sweeps.cancel} data-testid="cancel-sweep">
        Cancel sweep
      </button>
    </div>
  );
}

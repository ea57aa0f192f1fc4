import type { ReactElement } from 'react';
import { runOf, type RunState } from '../../state/session/run.ts';
import { useLive, useSession } from '../app.ts';
import styles from './RunBar.module.css';
import { RunButtons } from './RunButtons.tsx';
import { RunNumbers } from './RunNumbers.tsx';

/** Progress of the run, its numbers, and its controls. */
export function RunBar(): ReactElement {
  const run = useSession((state) => state.run);
  const phase = usePhase(run);
  return (
    <section className={styles.bar} aria-label="Run" data-testid="run-bar" data-status={run.status}>
      <Progress run={run} unknown={run.status === 'training' && !run.recovering && phase !== undefined} />
      <div className={styles.line}>
        {phase === undefined ? <RunNumbers run={run} /> : <span className={styles.phase}>{phase}</span>}
        <RunButtons run={run} />
      </div>
      <Notes run={run} />
    </section>
  );
}

/** Description of the current phase, before there are numbers to show. */
function usePhase(run: RunState): string | undefined {
  const hasRecord = useLive(({ record }) => record !== undefined);
  if (run.status === 'preparing') return `${run.pending ? 'Stopping as soon as this is done: ' : ''}${run.phase}`;
  if (run.status === 'training' && run.recovering) return `${run.recovering.phase}…`;
  if (run.status === 'training' && !hasRecord) return 'Compiling kernels: the first step takes longest…';
  return undefined;
}

interface ProgressProps {
  readonly run: RunState;
  /** The duration of the current phase is unknown. */
  readonly unknown: boolean;
}

function Progress({ run, unknown }: ProgressProps): ReactElement {
  const liveStep = useLive(({ record }) => record?.step);
  const fraction = Math.min(1, fractionDone(run, liveStep));
  return (
    <progress
      className={styles.progress}
      max={1}
      value={unknown ? undefined : fraction}
      aria-label={run.status === 'preparing' ? 'Preparing' : 'Training'}
      data-testid="run-progress"
    />
  );
}

function fractionDone(run: RunState, liveStep: number | undefined): number {
  if (run.status === 'preparing') return run.fraction;
  if (run.status === 'training' && run.recovering) return run.recovering.fraction;
  const shown = runOf(run);
  return (liveStep ?? shown?.startStep ?? 0) / Math.max(1, shown?.totalSteps ?? 1);
}

function Notes({ run }: { readonly run: RunState }): ReactElement | null {
  const notes = [...(runOf(run)?.notes ?? []), ...nextSteps(run)];
  if (notes.length === 0) return null;
  return (
    <ul className={`muted ${styles.notes}`}>
      {notes.map((note) => (
        <li key={note}>{note}</li>
      ))}
    </ul>
  );
}

/** Suggestions after a run has ended. */
function nextSteps(run: RunState): readonly string[] {
  if (run.status !== 'ended') return [];
  switch (run.reason) {
    case 'finished':
      return [
        'All steps are done. Download the checkpoint, try it on new pictures or the camera (view Try), or go through the history with ← and →.',
      ];
    case 'stopped':
      return ['Stopped; the state is kept while this page is open. Download the checkpoint or continue from here.'];
    case 'failed':
      return ['The last good state is kept. Download it, or load it, lower the learning rate and start from it.'];
    case 'lost':
      return ['The engine was lost; curves and overlays are still here. Start from the last checkpoint to resume.'];
  }
}

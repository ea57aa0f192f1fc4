import type { ReactElement } from 'react';
import type { RunState } from '../../state/session/run.ts';
import { useApp } from '../app.ts';
import { Icon } from '../widgets/icons.tsx';
import { shortcutProps } from '../widgets/shortcuts.ts';
import { DownloadMenu } from './DownloadMenu.tsx';
import styles from './RunButtons.module.css';

/** Pause, continue and stop the run; download and load checkpoints. */
export function RunButtons({ run }: { readonly run: RunState }): ReactElement {
  const { images } = useApp();
  return (
    <div className={styles.buttons}>
      {run.status === 'ended' ? <AfterEnd run={run} /> : <DuringRun run={run} />}
      <DownloadMenu run={run} />
      <button
        type="button"
        className={styles.load}
        onClick={images.chooseCheckpoint}
        title="Load a checkpoint to continue from, or an encoder to start from"
        aria-label="Load checkpoint"
      >
        <Icon name="upload" /> <span>Load</span>
      </button>
    </div>
  );
}

function DuringRun({ run }: { readonly run: Exclude<RunState, { status: 'ended' }> }): ReactElement | null {
  const { session } = useApp();
  if (run.status === 'idle') return null;
  return (
    <>
      {run.status === 'training' && (
        <button
          type="button"
          onClick={session.pause}
          disabled={run.pending !== undefined}
          {...shortcutProps('pause', 'Pause')}
        >
          <Icon name="pause" /> {run.pending === 'pause' ? 'Pausing…' : 'Pause'}
        </button>
      )}
      {run.status === 'paused' && (
        <button
          type="button"
          className="primary"
          onClick={session.continueRun}
          disabled={run.pending !== undefined}
          {...shortcutProps('pause', 'Continue')}
        >
          <Icon name="play" /> Continue
        </button>
      )}
      <button type="button" onClick={session.stop} disabled={run.pending === 'stop'}>
        <Icon name="stop" /> {run.pending === 'stop' ? 'Stopping…' : 'Stop'}
      </button>
    </>
  );
}

/** A finished run goes on with a fresh schedule; one that was stopped resumes where it was. */
function AfterEnd({ run }: { readonly run: Extract<RunState, { status: 'ended' }> }): ReactElement | null {
  const { session } = useApp();
  switch (run.reason) {
    case 'lost':
      return null;
    case 'failed':
      return (
        <button
          type="button"
          className="primary"
          onClick={session.stageFromHere}
          title="Loads the last good state; change the settings, then start from it"
          data-testid="take-up"
        >
          <Icon name="play" /> Load last good state
        </button>
      );
    case 'stopped':
      return (
        <button type="button" className="primary" onClick={session.continueFromHere} data-testid="continue-from-here">
          <Icon name="play" /> Continue from here
        </button>
      );
    case 'finished':
      return (
        <button
          type="button"
          onClick={session.trainLonger}
          title="A new run from these weights, with the same settings and a fresh schedule"
          data-testid="train-longer"
        >
          <Icon name="play" /> Train longer
        </button>
      );
  }
}

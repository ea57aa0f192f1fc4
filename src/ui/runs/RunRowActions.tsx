import type { ReactElement } from 'react';
import type { SavedRun } from '../../state/runs/savedRun.ts';
import { useApp } from '../app.ts';
import { formatCount } from '../widgets/format.ts';
import { Icon } from '../widgets/icons.tsx';
import styles from './RunRow.module.css';

interface ActionProps {
  readonly run: SavedRun;
  /** It trains or is paused. */
  readonly isActive: boolean;
}

/** Start from, download and delete a run. */
export function RunRowActions({ run, isActive }: ActionProps): ReactElement {
  const { runHistory, view } = useApp();
  const { id, title, checkpointStep } = run;
  const none = checkpointStep === undefined;
  const at = none ? 'No checkpoint of this run is saved' : `step ${checkpointStep}`;
  const load = (): void => {
    view.setState({ tab: 'images' });
    void runHistory.loadCheckpoint(id);
  };
  return (
    <span className={styles.actions}>
      {none ? '–' : formatCount(checkpointStep)}
      <button
        type="button"
        className="icon-button"
        disabled={none || isActive}
        title={none ? at : `Start the next run from ${at}`}
        aria-label={`Start from ${title}`}
        onClick={load}
      >
        <Icon name="play" />
      </button>
      <button
        type="button"
        className="icon-button"
        disabled={none}
        title={none ? at : `Download the checkpoint of ${at}`}
        aria-label={`Download the checkpoint of ${title}`}
        onClick={() => void runHistory.saveCheckpoint(id)}
      >
        <Icon name="download" />
      </button>
      <button
        type="button"
        className="icon-button"
        disabled={isActive}
        title={isActive ? 'The run is in progress' : 'Delete'}
        aria-label={`Delete ${title}`}
        onClick={() => runHistory.remove(id)}
      >
        <Icon name="close" />
      </button>
    </span>
  );
}

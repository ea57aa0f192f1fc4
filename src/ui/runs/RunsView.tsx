import type { ReactElement } from 'react';
import { isActive } from '../../state/session/run.ts';
import { useApp, useKeptRuns, useSession, useView } from '../app.ts';
import { plural } from '../widgets/format.ts';
import { ViewBody, ViewPane } from '../widgets/ViewPane.tsx';
import { RunsCompared } from './RunsCompared.tsx';
import { RunsTable } from './RunsTable.tsx';
import styles from './RunsView.module.css';
import { SweepDialog } from './SweepDialog.tsx';
import { SweepProgress } from './SweepProgress.tsx';
import { SweepTables } from './SweepTables.tsx';

/** Saved runs of this browser, their comparison, and sweeps. */
export function RunsView(): ReactElement {
  const { view } = useApp();
  const runs = useKeptRuns((state) => state.runs);
  const compared = useView((state) => state.comparedRuns);
  const busy = useSession(({ run }) => isActive(run));
  const ticked = runs.filter(({ id }) => compared.includes(id));
  return (
    <ViewPane testId="runs">
      <div className="panel-head">
        <h2>Runs</h2>
        <button
          type="button"
          onClick={() => view.setState({ sweepOpen: true })}
          disabled={busy}
          title={busy ? 'A run is in progress.' : 'Runs over the values of a setting, one after another'}
          data-testid="new-sweep"
        >
          New sweep…
        </button>
      </div>
      <SweepProgress />
      <ViewBody className={styles.body}>
        <Deleted />
        {runs.length === 0 ? (
          <p className="muted">Every run is saved here, in this browser alone: its curves, images and checkpoint.</p>
        ) : (
          <>
            <p className="muted">
              {plural(runs.length, 'run')}, saved in this browser alone. Tick some to compare them.
            </p>
            <RunsTable runs={runs} compared={compared} />
          </>
        )}
        {ticked.length > 0 && <RunsCompared runs={ticked} />}
        <SweepTables runs={runs} />
      </ViewBody>
      <SweepDialog />
    </ViewPane>
  );
}

/** Undoes the latest deletion, for a while. */
function Deleted(): ReactElement {
  const { runHistory } = useApp();
  const deleted = useKeptRuns((state) => state.deleted);
  return (
    <p role="status" className={styles.deleted}>
      {deleted && (
        <>
          Deleted “{deleted.title}”.{' '}
          <button type="button" className="link" onClick={runHistory.undoRemove} data-testid="undo-delete">
            Undo
          </button>
        </>
      )}
    </p>
  );
}

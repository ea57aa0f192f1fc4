import { useState, type ReactElement } from 'react';
import type { SavedRun } from '../../state/runs/savedRun.ts';
import { useApp } from '../app.ts';
import { TableScroll } from '../widgets/TableScroll.tsx';
import styles from './RunRow.module.css';
import { RunRow } from './RunRow.tsx';

const FOLDED = 50;

interface TableProps {
  readonly runs: readonly SavedRun[];
  /** Ids of the compared runs, in the order of their colors. */
  readonly compared: readonly string[];
}

/** The saved runs, newest first. */
export function RunsTable({ runs, compared }: TableProps): ReactElement {
  const { runHistory } = useApp();
  const [all, setAll] = useState(false);
  const shown = all ? runs : runs.slice(0, FOLDED);
  return (
    <>
      <TableScroll tall label="Runs">
        <table data-testid="runs-table">
          <thead>
            <tr>
              <th scope="col">run</th>
              <th scope="col">began</th>
              <th scope="col">state</th>
              <th scope="col">step</th>
              <th scope="col">loss</th>
              <th scope="col">mIoU, %</th>
              <th scope="col" className={styles.last}>
                checkpoint
              </th>
            </tr>
          </thead>
          <tbody>
            {shown.map((run) => (
              <RunRow
                key={run.id}
                run={run}
                order={compared.indexOf(run.id)}
                isCurrent={run.id === runHistory.currentId()}
              />
            ))}
          </tbody>
        </table>
      </TableScroll>
      {runs.length > FOLDED && (
        <button type="button" className="link" onClick={() => setAll(!all)}>
          {all ? 'Show fewer' : `Show all ${runs.length}`}
        </button>
      )}
    </>
  );
}

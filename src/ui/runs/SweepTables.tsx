import { useMemo, useState, type ReactElement } from 'react';
import { axisLabel } from '../../config/sweep/sweep.ts';
import { outcomesToCsv, sweepTable, tableToMarkdown } from '../../config/sweep/sweepTable.ts';
import type { SavedRun } from '../../state/runs/savedRun.ts';
import { sweepsOf, type SavedSweepRuns } from '../../state/runs/sweepQueue.ts';
import { useApp } from '../app.ts';
import { Icon } from '../widgets/icons.tsx';
import { TableScroll } from '../widgets/TableScroll.tsx';

/** Results of the sweeps of this browser, newest first. */
export function SweepTables({ runs }: { readonly runs: readonly SavedRun[] }): ReactElement {
  const sweeps = useMemo(() => sweepsOf(runs), [runs]);
  return (
    <>
      {sweeps.map((sweep) => (
        <SweepSection key={sweep.id} sweep={sweep} />
      ))}
    </>
  );
}

function SweepSection({ sweep }: { readonly sweep: SavedSweepRuns }): ReactElement {
  const { id, axes, runs, outcomes } = sweep;
  const failures = outcomes.flatMap(({ point, failure }) =>
    failure === undefined ? [] : [`${point.label}: ${failure}`],
  );
  const name = axes.map((axis) => axisLabel(axis.name)).join(' × ');
  const table = sweepTable(axes, outcomes);
  return (
    <section aria-labelledby={`sweep-${id}`}>
      <div className="panel-head">
        <h2 id={`sweep-${id}`}>
          {name} <span className="muted">{outcomes.length < runs && `${outcomes.length} of ${runs} runs`}</span>
        </h2>
        <Tools sweep={sweep} markdown={tableToMarkdown(table)} />
      </div>
      <TableScroll tall label={`Sweep over ${name}`}>
        <ResultTable table={table} headers={axes.length} />
      </TableScroll>
      {failures.length > 0 && (
        <ul className="muted">
          {failures.map((failure) => (
            <li key={failure}>{failure}</li>
          ))}
        </ul>
      )}
    </section>
  );
}

interface ToolsProps {
  readonly sweep: SavedSweepRuns;
  readonly markdown: string;
}

/** Compares the runs of a sweep; copies and saves its table. */
function Tools({ sweep: { axes, outcomes, runIds }, markdown }: ToolsProps): ReactElement {
  const { session, view } = useApp();
  const save = (ending: string, text: string): void =>
    session.save(`slotcon-sweep-${axes.map((axis) => axis.name).join('-')}.${ending}`, new Blob([text]));
  return (
    <>
      <button type="button" className="small" onClick={() => view.setState({ comparedRuns: runIds })}>
        Curves
      </button>
      <CopyButton text={markdown} />
      <button type="button" className="small" onClick={() => save('md', `${markdown}\n`)} data-testid="sweep-markdown">
        <Icon name="download" /> Markdown
      </button>
      <button
        type="button"
        className="small"
        onClick={() => save('csv', outcomesToCsv(axes, outcomes))}
        data-testid="sweep-csv"
      >
        <Icon name="download" /> CSV
      </button>
    </>
  );
}

interface ResultProps {
  readonly table: ReturnType<typeof sweepTable>;
  /** Number of columns with settings, which are the headers of a row. */
  readonly headers: number;
}

function ResultTable({ table: { columns, rows }, headers }: ResultProps): ReactElement {
  return (
    <table data-testid="sweep-table">
      <thead>
        <tr>
          {columns.map((column) => (
            <th key={column} scope="col">
              {column}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((cells) => (
          <tr key={cells.slice(0, headers).join()}>
            {cells.map((cell, at) =>
              at < headers ? (
                <th key={columns[at]} scope="row">
                  {cell}
                </th>
              ) : (
                <td key={columns[at]}>{cell}</td>
              ),
            )}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function CopyButton({ text }: { readonly text: string }): ReactElement {
  const [copied, setCopied] = useState(false);
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(text);
    setCopied(true);
  };
  return (
    <button type="button" className="small" onClick={() => void copy()}>
      {copied ? 'Copied' : 'Copy'}
    </button>
  );
}

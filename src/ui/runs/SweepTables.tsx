import { useMemo, useState, type ReactElement } from 'react';
import { FIELDS } from '../../config/fields.ts';
import { outcomesToCsv, sweepTable, tableToMarkdown } from '../../config/sweepTable.ts';
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
  const { session, view } = useApp();
  const { id, axes, runs, outcomes, runIds } = sweep;
  const { columns, rows } = sweepTable(axes, outcomes);
  const failures = outcomes.flatMap(({ point, failure }) =>
    failure === undefined ? [] : [`${point.label}: ${failure}`],
  );
  const name = axes.map((axis) => FIELDS[axis.name].label).join(' × ');
  const save = (ending: string, text: string): void =>
    session.save(`slotcon-sweep-${axes.map((axis) => axis.name).join('-')}.${ending}`, new Blob([text]));
  return (
    <section aria-labelledby={`sweep-${id}`}>
      <div className="panel-head">
        <h2 id={`sweep-${id}`}>
          {name} <span className="muted">{outcomes.length < runs && `${outcomes.length} of ${runs} runs`}</span>
        </h2>
        <button type="button" className="small" onClick={() => view.setState({ comparedRuns: runIds })}>
          Curves
        </button>
        <CopyButton text={() => tableToMarkdown({ columns, rows })} />
        <button
          type="button"
          className="small"
          onClick={() => save('md', `${tableToMarkdown({ columns, rows })}\n`)}
          data-testid="sweep-markdown"
        >
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
      </div>
      <TableScroll tall label={`Sweep over ${name}`}>
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
              <tr key={cells.slice(0, axes.length).join()}>
                {cells.map((cell, at) =>
                  at < axes.length ? (
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

function CopyButton({ text }: { text(): string }): ReactElement {
  const [copied, setCopied] = useState(false);
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(text());
    setCopied(true);
  };
  return (
    <button type="button" className="small" onClick={() => void copy()}>
      {copied ? 'Copied' : 'Copy'}
    </button>
  );
}

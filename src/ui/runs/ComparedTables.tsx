import { useMemo, type ReactElement } from 'react';
import { differingSettings, joinCurves } from '../../state/runs/compareRuns.ts';
import type { SavedRun } from '../../state/runs/savedRun.ts';
import type { SeriesName } from '../../signals/metrics.ts';
import type { Curves } from '../../state/runs/series.ts';
import { formatValue } from '../widgets/format.ts';
import { TableScroll } from '../widgets/TableScroll.tsx';

/** Curves by the ids of their runs. */
export type CurvesById = ReadonlyMap<string, Curves>;

const ROWS = 20;

interface TableProps {
  readonly runs: readonly SavedRun[];
  readonly curves: CurvesById;
  readonly name: SeriesName;
}

/** The chart as a table, at some of its steps. */
export function ComparedTable({ runs, curves, name }: TableProps): ReactElement {
  const { steps, values } = joinCurves(
    runs.flatMap(({ id }) => curves.get(id) ?? []),
    name,
    0,
  );
  const rows = Array.from({ length: Math.min(ROWS, steps.length) }, (_, row) =>
    Math.round((row * (steps.length - 1)) / Math.max(1, Math.min(ROWS, steps.length) - 1)),
  );
  return (
    <TableScroll tall label="Compared runs as numbers">
      <table data-testid="compared-table">
        <RunHeads first="step" runs={runs} />
        <tbody>
          {rows.map((at) => (
            <tr key={at}>
              <th scope="row">{steps[at]}</th>
              {values.map((column, run) => (
                <td key={runs[run]?.id}>{column[at] === undefined ? '–' : formatValue(column[at])}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </TableScroll>
  );
}

/** Settings that are not the same in all runs. */
export function Differences({ runs }: { readonly runs: readonly SavedRun[] }): ReactElement | null {
  const differences = useMemo(() => differingSettings(runs.map(({ config }) => config)), [runs]);
  if (runs.length < 2) return null;
  if (differences.length === 0) return <p className="muted">All settings of these runs are the same.</p>;
  return (
    <TableScroll tall label="Settings that differ">
      <table data-testid="differences">
        <RunHeads first="setting" runs={runs} />
        <tbody>
          {differences.map(({ name, label, values }) => (
            <tr key={name}>
              <th scope="row">{label}</th>
              {values.map((value, run) => (
                <td key={runs[run]?.id}>{value}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </TableScroll>
  );
}

/** A column for the rows' own labels, then one per run. */
function RunHeads({ first, runs }: { readonly first: string; readonly runs: readonly SavedRun[] }): ReactElement {
  return (
    <thead>
      <tr>
        <th scope="col">{first}</th>
        {runs.map(({ id, title }) => (
          <th key={id} scope="col">
            {title}
          </th>
        ))}
      </tr>
    </thead>
  );
}

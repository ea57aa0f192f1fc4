import { useEffect, useMemo, useState, type ReactElement } from 'react';
import { differingSettings, joinCurves } from '../../state/runs/compareRuns.ts';
import type { SavedRun } from '../../state/runs/savedRun.ts';
import type { Curves, SeriesName } from '../../state/runs/series.ts';
import { useApp, useView } from '../app.ts';
import { Chart } from '../charts/Chart.tsx';
import { CHARTS, type ChartSource, type ChartSpec } from '../charts/chartLines.ts';
import { formatValue } from '../widgets/format.ts';
import { TableToggle } from '../charts/TableToggle.tsx';
import { runColor } from './runColor.ts';

const LINES = CHARTS.flatMap(({ lines }) => lines);

/** The ticked runs on one chart, and what they were set to where they differ. */
export function RunsCompared({ runs }: { readonly runs: readonly SavedRun[] }): ReactElement {
  const compared = useView((state) => state.comparedRuns);
  const table = useView((state) => state.table);
  const smoothing = useView((state) => state.smoothing);
  const [name, setName] = useState<SeriesName>('loss');
  // In the order in which they were ticked: a run keeps its color when another is added.
  const ordered = useMemo(() => compared.flatMap((id) => runs.find((run) => run.id === id) ?? []), [compared, runs]);
  const curves = useCurves(ordered);
  const chart = useMemo(() => chartOf(ordered, curves, name, smoothing), [ordered, curves, name, smoothing]);
  return (
    <section aria-labelledby="compared-heading">
      <div className="panel-head">
        <h2 id="compared-heading">Compared</h2>
        <label className="inline-control">
          Curve
          <select
            value={name}
            onChange={({ currentTarget }) => setName(currentTarget.value as SeriesName)}
            data-testid="compared-curve"
          >
            {LINES.map((line) => (
              <option key={line.name} value={line.name}>
                {line.label}
              </option>
            ))}
          </select>
        </label>
        <TableToggle />
      </div>
      {table ? (
        <ComparedTable runs={ordered} curves={curves} name={name} />
      ) : (
        <div className="runs-chart">{chart && <Chart spec={chart.spec} series={chart.source} />}</div>
      )}
      <Differences runs={ordered} />
    </section>
  );
}

type CurvesById = ReadonlyMap<string, Curves>;

/** Curves of these runs as far as they have been read; those of the run that trains are read again as it goes on. */
function useCurves(runs: readonly SavedRun[]): CurvesById {
  const { runHistory } = useApp();
  const [curves, setCurves] = useState<CurvesById>(new Map());
  useEffect(() => {
    let wanted = true;
    const read = async (): Promise<void> => {
      const pairs = await Promise.all(runs.map(async ({ id }) => [id, await runHistory.curves(id)] as const));
      if (wanted) setCurves(new Map(pairs.flatMap(([id, found]) => (found ? [[id, found] as const] : []))));
    };
    void read();
    return () => {
      wanted = false;
    };
  }, [runs, runHistory]);
  return curves;
}

function chartOf(runs: readonly SavedRun[], curves: CurvesById, name: SeriesName, smoothing: number) {
  const known = runs.filter(({ id }) => curves.has(id));
  if (known.length === 0) return undefined;
  const { steps, values } = joinCurves(
    known.flatMap(({ id }) => curves.get(id) ?? []),
    name,
    smoothing,
  );
  const byId = new Map(known.map(({ id }, at) => [id, values[at] ?? []]));
  const spec: ChartSpec<string> = {
    title: 'Compared runs',
    scrubs: false,
    lines: known.map(({ id, title }) => ({
      ...{ name: id, label: title, help: title, smoothed: false, scale: 'y' },
      color: runColor(runs.findIndex((run) => run.id === id)),
    })),
  };
  const source: ChartSource<string> = {
    steps: () => steps,
    values: (id) => byId.get(id) ?? [],
    subscribe: () => () => undefined,
  };
  return { spec, source };
}

const ROWS = 20;

interface TableProps {
  readonly runs: readonly SavedRun[];
  readonly curves: CurvesById;
  readonly name: SeriesName;
}

/** The chart as numbers, at some of its steps. */
function ComparedTable({ runs, curves, name }: TableProps): ReactElement {
  const { steps, values } = joinCurves(
    runs.flatMap(({ id }) => curves.get(id) ?? []),
    name,
    0,
  );
  const rows = Array.from({ length: Math.min(ROWS, steps.length) }, (_, row) =>
    Math.round((row * (steps.length - 1)) / Math.max(1, Math.min(ROWS, steps.length) - 1)),
  );
  return (
    <div className="table-scroll tall" tabIndex={0} role="region" aria-label="Compared runs as numbers">
      <table data-testid="compared-table">
        <thead>
          <tr>
            <th scope="col">step</th>
            {runs.map(({ id, title }) => (
              <th key={id} scope="col">
                {title}
              </th>
            ))}
          </tr>
        </thead>
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
    </div>
  );
}

/** The settings that are not the same in all of them. */
function Differences({ runs }: { readonly runs: readonly SavedRun[] }): ReactElement | null {
  const differences = useMemo(() => differingSettings(runs.map(({ config }) => config)), [runs]);
  if (runs.length < 2) return null;
  if (differences.length === 0) return <p className="muted">All settings of these runs are the same.</p>;
  return (
    <div className="table-scroll tall" tabIndex={0} role="region" aria-label="Settings that differ">
      <table data-testid="differences">
        <thead>
          <tr>
            <th scope="col">setting</th>
            {runs.map(({ id, title }) => (
              <th key={id} scope="col">
                {title}
              </th>
            ))}
          </tr>
        </thead>
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
    </div>
  );
}

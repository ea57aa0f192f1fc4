import { useEffect, useMemo, useState, type ReactElement } from 'react';
import { joinCurves } from '../../state/runs/compareRuns.ts';
import type { SavedRun } from '../../state/runs/savedRun.ts';
import type { SeriesName } from '../../signals/metrics.ts';
import { useApp, useView } from '../app.ts';
import { Chart } from '../charts/Chart.tsx';
import { CHARTS, type ChartSource, type ChartSpec } from '../charts/chartLines.ts';
import { TableToggle } from '../charts/TableToggle.tsx';
import { ComparedTable, Differences, type CurvesById } from './ComparedTables.tsx';
import { runColor } from './runColor.ts';
import styles from './RunsCompared.module.css';

const LINES = CHARTS.flatMap(({ lines }) => lines);

/** The ticked runs on one chart, and the settings in which they differ. */
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
        <div className={styles.chart}>{chart && <Chart spec={chart.spec} series={chart.source} />}</div>
      )}
      <Differences runs={ordered} />
    </section>
  );
}

/** Curves of the runs, as far as they have been read; those of a run that trains are read again. */
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
      name: id,
      label: title,
      help: title,
      smoothed: false,
      scale: 'y',
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

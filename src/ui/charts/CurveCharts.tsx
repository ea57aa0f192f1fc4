import type { ReactElement } from 'react';
import { useApp, useView } from '../app.ts';
import { Chart } from './Chart.tsx';
import { CHARTS } from './chartLines.ts';
import styles from './CurveCharts.module.css';
import { MetricsTable } from './MetricsTable.tsx';
import { TableToggle } from './TableToggle.tsx';

/** Losses, health and schedules with a common x axis and cursor, or as a table. */
export function CurveCharts(): ReactElement {
  const { session, view } = useApp();
  const table = useView((state) => state.table);
  const smoothing = useView((state) => state.smoothing);
  return (
    <section aria-labelledby="curves-heading">
      <div className="panel-head">
        <h2 id="curves-heading">Curves</h2>
        <label className="inline-control" title="Weight of the past in the strong lines; the pale lines stay raw.">
          Smoothing
          <input
            type="range"
            min={0}
            max={0.98}
            step={0.02}
            value={smoothing}
            aria-valuetext={smoothing.toFixed(2)}
            onChange={({ currentTarget }) => view.setState({ smoothing: Number(currentTarget.value) })}
          />
        </label>
        <TableToggle />
      </div>
      <div className={styles.body}>
        {table ? (
          <MetricsTable />
        ) : (
          CHARTS.map((spec) => <Chart key={spec.title} spec={spec} series={session.series} />)
        )}
      </div>
    </section>
  );
}

import { useSyncExternalStore, type ReactElement } from 'react';
import { useApp, useView } from './app.ts';
import { Chart } from './Chart.tsx';
import { CHARTS } from './chartLines.ts';
import { MetricsTable } from './MetricsTable.tsx';

const DARK = '(prefers-color-scheme: dark)';

/** Losses, health and schedules over one x with one cursor; or the same as a table. */
export function Curves(): ReactElement {
  const { view } = useApp();
  const table = useView((state) => state.table);
  const smoothing = useView((state) => state.smoothing);
  const theme = useView((state) => state.theme);
  const systemDark = useSyncExternalStore(subscribeToScheme, () => matchMedia(DARK).matches);
  const dark = theme === 'system' ? systemDark : theme === 'dark';
  return (
    <section className="curves" aria-labelledby="curves-heading">
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
        <button
          type="button"
          className="small"
          aria-pressed={table}
          onClick={() => view.setState({ table: !table })}
          data-testid="table-toggle"
        >
          Table
        </button>
      </div>
      <div className="curves-body">
        {table ? <MetricsTable /> : CHARTS.map((spec) => <Chart key={spec.title} spec={spec} dark={dark} />)}
      </div>
    </section>
  );
}

function subscribeToScheme(changed: () => void): () => void {
  const query = matchMedia(DARK);
  query.addEventListener('change', changed);
  return () => query.removeEventListener('change', changed);
}

import { useEffect, useRef, type ReactElement } from 'react';
import uPlot from 'uplot';
import type { StoreApi } from 'zustand/vanilla';
import type { Session } from '../../state/session/session.ts';
import { snapTo, type ViewState } from '../../state/view/view.ts';
import { useApp, useView } from '../app.ts';
import type { ChartLine, ChartSource, ChartSpec } from './chartLines.ts';
import { formatValue } from '../widgets/format.ts';
import { frames } from '../widgets/frameQueue.ts';
import styles from './Chart.module.css';
import { useDark } from '../widgets/useDark.ts';
import { chartData, chartOptions, colorResolver, cssColor } from './uplotOptions.ts';

/** Four redraws per second look live, and are cheap. */
const REDRAW_MS = 250;

interface ChartProps<Name extends string> {
  /** The same objects on every render: others make a new chart. */
  readonly spec: ChartSpec<Name>;
  readonly series: ChartSource<Name>;
}

/** Lines over the steps. Data go from the series to uPlot directly, without React. */
export function Chart<Name extends string>({ spec, series }: ChartProps<Name>): ReactElement {
  const { session, view } = useApp();
  const dark = useDark();
  const plotHost = useRef<HTMLDivElement>(null);
  const legend = useRef<HTMLUListElement>(null);
  const smoothing = useView((state) => state.smoothing);
  const marked = useView((state) => state.scrubStep);
  const plot = useRef<uPlot>(undefined);

  useEffect(() => {
    const host = plotHost.current;
    if (!host) return;
    let remove: (() => void) | undefined;
    // A view brings several charts at once, each of them some milliseconds.
    frames.add(host, () => {
      const made = createChart(host, spec, series, session, view, () => legend.current);
      plot.current = made.chart;
      remove = made.remove;
    });
    return () => {
      frames.remove(host);
      remove?.();
      plot.current = undefined;
    };
  }, [spec, series, session, view, dark]);

  useEffect(() => {
    plot.current?.setData(chartData(spec, series, smoothing));
  }, [spec, series, smoothing]);
  useEffect(() => {
    plot.current?.redraw(false);
  }, [marked]);

  return (
    <figure className={styles.chart} data-testid={`chart-${spec.title.toLowerCase()}`}>
      <figcaption>{spec.title}</figcaption>
      <div
        className={styles.plot}
        ref={plotHost}
        role="img"
        aria-label={`${spec.title} over the steps; the table has the numbers`}
      />
      <ul className={`${styles.legend} ${spec.lines.length > 3 ? '' : styles.few}`} ref={legend}>
        {spec.lines.map((line) => (
          <LegendEntry key={line.name} line={line} />
        ))}
      </ul>
    </figure>
  );
}

function LegendEntry({ line: { name, label, color, help } }: { readonly line: ChartLine<string> }): ReactElement {
  return (
    <li title={help}>
      <span className={styles.key} style={{ background: cssColor(color) }} />
      {label} <output data-line={name}>–</output>
    </li>
  );
}

/** A chart that fills `host` and follows its series, until it is removed. */
function createChart<Name extends string>(
  host: HTMLElement,
  spec: ChartSpec<Name>,
  series: ChartSource<Name>,
  session: Session,
  view: StoreApi<ViewState>,
  legend: () => HTMLElement | null,
): { readonly chart: uPlot; remove(): void } {
  const options = chartOptions(spec, colorResolver(host), {
    onCursor: (index) => writeValues(legend(), spec, series, index),
    onPick: (index) => {
      if (spec.scrubs === false) return;
      // There are overlays of some steps only; the mark stands where what is shown stands.
      const steps = session.live.getState().snapshots.map(({ step }) => step);
      view.setState({ scrubStep: snapTo(steps, series.steps()[index] ?? Infinity) });
    },
    markedStep: () => (spec.scrubs === false ? undefined : view.getState().scrubStep),
  });
  const { clientWidth: width, clientHeight: height } = host;
  const chart = new uPlot({ ...options, width, height }, chartData(spec, series, view.getState().smoothing), host);
  const resize = new ResizeObserver(() => {
    if (host.clientWidth > 0) chart.setSize({ width: host.clientWidth, height: host.clientHeight });
  });
  resize.observe(host);
  const redraw = (): void => {
    if (host.clientWidth === 0) return;
    chart.setData(chartData(spec, series, view.getState().smoothing));
    writeValues(legend(), spec, series, chart.cursor.idx ?? undefined);
  };
  let timer: ReturnType<typeof setTimeout> | undefined;
  const unsubscribe = series.subscribe(() => {
    timer ??= setTimeout(() => {
      timer = undefined;
      frames.add(host, redraw);
    }, REDRAW_MS);
  });
  const remove = (): void => {
    unsubscribe();
    clearTimeout(timer);
    resize.disconnect();
    chart.destroy();
  };
  return { chart, remove };
}

/** Values at the cursor, else the latest ones. */
function writeValues<Name extends string>(
  legend: HTMLElement | null,
  spec: ChartSpec<Name>,
  series: ChartSource<Name>,
  index: number | undefined,
): void {
  for (const { name } of spec.lines) {
    const output = legend?.querySelector<HTMLElement>(`[data-line="${name}"]`);
    const values = series.values(name);
    const value = values[index ?? values.length - 1];
    if (!output) continue;
    output.textContent = value === undefined ? '–' : spec.range ? value.toFixed(2) : formatValue(value);
    output.title = value === undefined ? '' : String(value);
  }
}

import { useEffect, useRef, type ReactElement } from 'react';
import { useApp, useView } from '../app.ts';
import { cssColor, type ChartLine, type ChartSource, type ChartSpec } from './chartLines.ts';
import { frames } from '../widgets/frameQueue.ts';
import { useDark } from '../widgets/useDark.ts';
import styles from './Chart.module.css';
import type { Plot } from './plot.ts';

/** Time between the first values and their plot, in ms. */
const PLOT_AFTER_MS = 250;

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
  const plot = useRef<Plot>(undefined);

  useEffect(() => {
    const host = plotHost.current;
    if (!host) return;
    let ended = false;
    const make = async (): Promise<void> => {
      const { createPlot } = await import('./plot.ts');
      if (ended) return;
      // A view brings several charts at once, each of them some milliseconds.
      frames.add(host, () => {
        plot.current = createPlot(host, spec, series, session, view, () => legend.current);
      });
    };
    const forget = onFirstValues(series, () => void make());
    return () => {
      ended = true;
      forget();
      frames.remove(host);
      plot.current?.remove();
      plot.current = undefined;
    };
  }, [spec, series, session, view, dark]);

  useEffect(() => {
    plot.current?.draw();
  }, [spec, series, smoothing]);
  useEffect(() => {
    plot.current?.drawMark();
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

/** Calls `act` once there is something to plot. What plots it is loaded only then, after the first step of a visit. */
function onFirstValues({ steps, subscribe }: ChartSource<never>, act: () => void): () => void {
  if (steps().length > 0) {
    act();
    return () => undefined;
  }
  let timer: ReturnType<typeof setTimeout> | undefined;
  const unsubscribe = subscribe(() => {
    if (steps().length > 0) timer ??= setTimeout(act, PLOT_AFTER_MS);
  });
  return () => {
    unsubscribe();
    clearTimeout(timer);
  };
}

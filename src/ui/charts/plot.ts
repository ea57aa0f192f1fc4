import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import type { StoreApi } from 'zustand/vanilla';
import type { Session } from '../../state/session/session.ts';
import { snapTo, type ViewState } from '../../state/view/view.ts';
import { formatValue } from '../widgets/format.ts';
import { frames } from '../widgets/frameQueue.ts';
import type { ChartSource, ChartSpec } from './chartLines.ts';
import { chartData, chartOptions, colorResolver } from './uplotOptions.ts';

/** Four redraws per second look live, and are cheap. */
const REDRAW_MS = 250;

export interface Plot {
  draw(): void;
  /** Draws the mark elsewhere. */
  drawMark(): void;
  remove(): void;
}

/** A plot that fills `host` and follows its series, until it is removed. */
export function createPlot<Name extends string>(
  host: HTMLElement,
  spec: ChartSpec<Name>,
  series: ChartSource<Name>,
  session: Session,
  view: StoreApi<ViewState>,
  legend: () => HTMLElement | null,
): Plot {
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
  writeValues(legend(), spec, series, undefined);
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
  return { draw: redraw, drawMark: () => chart.redraw(false), remove };
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

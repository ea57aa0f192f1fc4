import type uPlot from 'uplot';
import { smooth } from '../../lib/smooth.ts';
import { cssColor, type ChartLine, type ChartSource, type ChartSpec } from './chartLines.ts';
import { formatTick } from '../widgets/format.ts';

const SYNC_KEY = 'slotcon-tab';
const AXIS_FONT = '11px system-ui, sans-serif';

export type ResolveColor = (variable: string) => string;

interface Hooks {
  /** Index of the point under the cursor of any chart, or nothing. */
  onCursor(index: number | undefined): void;
  /** A click, at the point with this index. */
  onPick(index: number): void;
  /** Step that a dashed upright line marks. */
  markedStep(): number | undefined;
}

/** uPlot's options for a chart; colors are fixed here, so a change of theme makes a new chart. */
export function chartOptions<Name extends string>(
  spec: ChartSpec<Name>,
  color: ResolveColor,
  hooks: Hooks,
): Omit<uPlot.Options, 'width' | 'height'> {
  const hasSecondScale = spec.lines.some(({ scale }) => scale === 'y2');
  return {
    cursor: { sync: { key: SYNC_KEY, setSeries: false }, drag: { setScale: false }, points: { size: 5 }, y: false },
    legend: { show: false },
    padding: [6, hasSecondScale ? 0 : 10, 0, 0],
    scales: {
      // Without data uPlot has no range of its own to draw axes for.
      x: { time: false, range: (_, min, max) => stepRange(min, max) },
      y: { range: (_, min, max) => (spec.range ? [...spec.range] : padded(min, max)) },
      ...(hasSecondScale ? { y2: { range: (_: uPlot, min: number, max: number) => padded(min, max) } } : {}),
    },
    axes: axesOf(color, hasSecondScale),
    series: [{}, ...spec.lines.flatMap((line) => seriesOf(line, color, spec.dotted === true))],
    hooks: {
      setCursor: [({ cursor }) => hooks.onCursor(cursor.idx ?? undefined)],
      ready: [
        (plot) =>
          plot.over.addEventListener('click', () => {
            if (plot.cursor.idx != null) hooks.onPick(plot.cursor.idx);
          }),
      ],
      draw: [(plot) => drawMark(plot, hooks.markedStep(), color('--muted'))],
    },
  };
}

function axesOf(color: ResolveColor, hasSecondScale: boolean): uPlot.Axis[] {
  const grid: uPlot.Axis.Grid = { stroke: color('--grid'), width: 1 };
  const axis = { stroke: color('--muted'), font: AXIS_FONT, ticks: { show: false }, grid } satisfies uPlot.Axis;
  const values: uPlot.Axis.Values = (_, splits, _axis, _space, increment) =>
    splits.map((value) => formatTick(value, increment));
  const steps: uPlot.Axis.Values = (_, splits) => splits.map((step) => (Number.isInteger(step) ? String(step) : ''));
  const left: uPlot.Axis = { ...axis, scale: 'y', size: 38, space: 26, values };
  const right: uPlot.Axis = { ...left, scale: 'y2', side: 1, grid: { show: false } };
  return [{ ...axis, size: 22, space: 46, values: steps }, left, ...(hasSecondScale ? [right] : [])];
}

/** One series for the line; before it the raw one, where the line is smoothed. */
function seriesOf(line: ChartLine<string>, color: ResolveColor, dotted: boolean): uPlot.Series[] {
  const { label, scale, dash, smoothed } = line;
  const stroke = color(line.color);
  const base: uPlot.Series = { scale, points: { show: dotted && !dash }, ...(dash ? { dash: [...dash] } : {}) };
  const strong: uPlot.Series = { ...base, label, stroke, width: 1.75 };
  return smoothed ? [{ ...base, label: `${label} (raw)`, stroke, alpha: 0.35, width: 1 }, strong] : [strong];
}

/** At least one step wide; uPlot passes null for a scale without data. */
function stepRange(min: number | null, max: number | null): [number, number] {
  return min === null || max === null ? [0, 1] : [min, Math.max(max, min + 1)];
}

/** A range with a margin above and below; uPlot passes null for a scale without data. */
function padded(min: number | null, max: number | null): [number, number] {
  if (min === null || max === null) return [0, 1];
  const margin = 0.06 * (max - min || Math.abs(max) || 1);
  return [min >= 0 ? Math.max(0, min - margin) : min - margin, max + margin];
}

/** Columns in the order of the options' series. */
export function chartData<Name extends string>(
  spec: ChartSpec<Name>,
  series: ChartSource<Name>,
  smoothing: number,
): uPlot.AlignedData {
  const columns = spec.lines.flatMap(({ name, smoothed }) => {
    const raw = series.values(name);
    // A missing value becomes NaN.
    return smoothed ? [raw, smooth(new Float64Array(raw as ArrayLike<number>), smoothing)] : [raw];
  });
  return [series.steps(), ...columns] as uPlot.AlignedData;
}

function drawMark(plot: uPlot, step: number | undefined, stroke: string): void {
  const { min, max } = plot.scales.x;
  if (step === undefined || min == null || max == null || step < min || step > max) return;
  const x = Math.round(plot.valToPos(step, 'x', true)) + 0.5;
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.strokeStyle = stroke;
  ctx.setLineDash([3, 3]);
  ctx.beginPath();
  ctx.moveTo(x, bbox.top);
  ctx.lineTo(x, bbox.top + bbox.height);
  ctx.stroke();
  ctx.restore();
}

/** The colors behind CSS variables, as a canvas understands them. */
export function colorResolver(host: HTMLElement): ResolveColor {
  const probe = document.createElement('span');
  return (variable) => {
    probe.style.color = cssColor(variable);
    host.append(probe);
    const resolved = getComputedStyle(probe).color;
    probe.remove();
    return resolved;
  };
}

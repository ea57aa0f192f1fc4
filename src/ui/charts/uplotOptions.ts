import type uPlot from 'uplot';
import { smooth } from '../../lib/smooth.ts';
import type { ChartSource, ChartSpec } from './chartLines.ts';
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
  const text = color('--muted');
  const grid: uPlot.Axis.Grid = { stroke: color('--grid'), width: 1 };
  const axis = { stroke: text, font: AXIS_FONT, ticks: { show: false }, grid } satisfies uPlot.Axis;
  const values: uPlot.Axis.Values = (_, splits, _axis, _space, increment) =>
    splits.map((value) => formatTick(value, increment));
  const second = spec.lines.some(({ scale }) => scale === 'y2');
  return {
    cursor: { sync: { key: SYNC_KEY, setSeries: false }, drag: { setScale: false }, points: { size: 5 }, y: false },
    legend: { show: false },
    padding: [6, second ? 0 : 10, 0, 0],
    scales: {
      // Without data uPlot has no range of its own to draw axes for.
      x: { time: false, range: (_, min, max) => (min == null ? [0, 1] : [min, Math.max(max, min + 1)]) },
      y: { range: (_, min, max) => (spec.range ? [...spec.range] : padded(min, max)) },
      ...(second ? { y2: { range: (_: uPlot, min: number, max: number) => padded(min, max) } } : {}),
    },
    axes: [
      {
        ...axis,
        size: 22,
        space: 46,
        values: (_, splits) => splits.map((step) => (Number.isInteger(step) ? String(step) : '')),
      },
      { ...axis, scale: 'y', size: 38, space: 26, values },
      ...(second ? [{ ...axis, scale: 'y2', side: 1, size: 38, space: 26, values, grid: { show: false } }] : []),
    ],
    series: [
      {},
      ...spec.lines.flatMap((line): uPlot.Series[] => {
        const stroke = color(line.color);
        const base = {
          scale: line.scale,
          points: { show: spec.dotted === true && !line.dash },
          ...(line.dash ? { dash: [...line.dash] } : {}),
        };
        const strong: uPlot.Series = { ...base, label: line.label, stroke, width: 1.75 };
        return line.smoothed
          ? [{ ...base, label: `${line.label} (raw)`, stroke, alpha: 0.35, width: 1 }, strong]
          : [strong];
      }),
    ],
    hooks: {
      setCursor: [({ cursor }) => hooks.onCursor(cursor.idx ?? undefined)],
      ready: [
        (plot) =>
          plot.over.addEventListener('click', () => {
            if (plot.cursor.idx != null) hooks.onPick(plot.cursor.idx);
          }),
      ],
      draw: [(plot) => drawMark(plot, hooks.markedStep(), text)],
    },
  };
}

/** A range with a little air above and below; uPlot passes null for a scale without data. */
function padded(min: number | null, max: number | null): [number, number] {
  if (min == null || max == null) return [0, 1];
  const air = 0.06 * (max - min || Math.abs(max) || 1);
  return [min >= 0 ? Math.max(0, min - air) : min - air, max + air];
}

/** Columns in the order of the options' series. */
export function chartData<Name extends string>(
  spec: ChartSpec<Name>,
  series: ChartSource<Name>,
  smoothing: number,
): uPlot.AlignedData {
  const columns = spec.lines.flatMap(({ name, smoothed }) => {
    const raw = series.values(name);
    return smoothed
      ? [
          raw,
          smooth(
            Float64Array.from(raw, (value) => value ?? NaN),
            smoothing,
          ),
        ]
      : [raw];
  });
  return [series.steps(), ...columns] as uPlot.AlignedData;
}

function drawMark(plot: uPlot, step: number | undefined, stroke: string): void {
  const { min, max } = plot.scales.x ?? {};
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

/** A color, or the CSS variable of one, for style sheets. */
export function cssColor(color: string): string {
  return color.startsWith('--') ? `var(${color})` : color;
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

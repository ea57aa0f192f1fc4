import { SERIES, type MetricCurve, type SeriesName } from '../../signals/metrics.ts';

export interface ChartLine<Name extends string = SeriesName> {
  readonly name: Name;
  readonly label: string;
  /** A color, or the CSS variable of one. */
  readonly color: string;
  /** Drawn smoothed and strong, over the raw line, thin and pale. */
  readonly smoothed: boolean;
  /** Vertical scale; lines of one chart may have two. */
  readonly scale: 'y' | 'y2';
  readonly dash?: readonly number[];
  readonly help: string;
}

/** Points of a chart: x and, for every line, y. */
export interface ChartSource<Name extends string> {
  steps(): Float64Array;
  /** `undefined` where a line has no point. */
  values(name: Name): Float64Array | readonly (number | undefined)[];
  /** Called after any change. Returns the way to stop. */
  subscribe(listener: () => void): () => void;
}

export interface ChartSpec<Name extends string = SeriesName> {
  readonly title: string;
  readonly lines: readonly ChartLine<Name>[];
  /** Marks the points, where there are few. */
  readonly dotted?: boolean;
  /** False where a click leads to no overlays. */
  readonly scrubs?: false;
  /** Fixed range of `y`; follows the data if undefined. */
  readonly range?: readonly [number, number];
}

/** The charts of a run: lines as the table of metrics has them. */
export const CHARTS: readonly ChartSpec[] = [
  { title: 'Losses', lines: linesOf('Losses') },
  { title: 'Health', lines: linesOf('Health'), range: [0, 1] },
  { title: 'Schedules', lines: linesOf('Schedules') },
];

function linesOf(chart: MetricCurve['chart']): ChartLine[] {
  return SERIES.filter(({ curve }) => curve.chart === chart).map(({ name, curve }) => ({
    name,
    label: curve.label,
    color: curve.color,
    help: curve.help,
    smoothed: curve.smoothed ?? false,
    scale: curve.axis === 'right' ? 'y2' : 'y',
    ...(curve.dash && { dash: curve.dash }),
  }));
}

/** A color, or the CSS variable of one, for style sheets. */
export function cssColor(color: string): string {
  return color.startsWith('--') ? `var(${color})` : color;
}

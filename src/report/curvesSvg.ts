import { smooth } from '../lib/smooth.ts';
import { markup, type Markup } from './markup.ts';

export interface ReportLine {
  readonly label: string;
  /** One per step; those that are not finite leave a gap. */
  readonly values: ArrayLike<number>;
  /** Drawn strongly smoothed over its pale raw line. */
  readonly smoothed: boolean;
}

/** Okabe and Ito's color-blind-safe hues. */
const COLORS = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9'];
const [WIDTH, HEIGHT] = [960, 480];
const FRAME = { left: 56, right: 130, top: 20, bottom: 44 };
const RIGHT = WIDTH - FRAME.right;
const BOTTOM = HEIGHT - FRAME.bottom;
/** A curve is smoothed over about this fraction of its length. */
const SMOOTHING_FRACTION = 1 / 50;
/** One point per column of pixels. */
const MAX_POINTS = WIDTH;

type Place = (value: number) => number;

/**
 * Curves over the steps. Colors are attributes, which a style sheet may override by the classes `paper`, `grid`, `axis`
 * and `words`.
 */
export function curvesSvg(steps: ArrayLike<number>, lines: readonly ReportLine[], label: string): string {
  const values = lines.flatMap((line) => Array.from(line.values)).filter(Number.isFinite);
  const [first, last] = extremes(Array.from(steps));
  const x = scale(Number.isFinite(first) ? first : 0, Math.max(last, 1), FRAME.left, RIGHT);
  const [low, high] = values.length ? extremes(values) : [0, 1];
  const margin = (high - low || Math.abs(high) || 1) * 0.05;
  const y = scale(low - margin, high + margin, BOTTOM, FRAME.top);
  return markup`<svg
    xmlns="http://www.w3.org/2000/svg"
    width="${WIDTH}"
    height="${HEIGHT}"
    viewBox="0 0 ${WIDTH} ${HEIGHT}"
    role="img"
    aria-label="${label}"
    font-family="sans-serif"
    font-size="13"
    fill="#444"
    class="words"
  >
    <rect width="100%" height="100%" fill="#fff" class="paper" />
    ${ticks(y.low, y.high, 6).map((value) => tickY(y.at(value), value))}
    ${ticks(x.low, x.high, 8)
      .filter(Number.isInteger)
      .map((value) => tickX(x.at(value), value))}
    <text x="${(FRAME.left + RIGHT) / 2}" y="${HEIGHT - 8}" text-anchor="middle">step</text>
    ${lines.map((line, at) => drawnLine(steps, line, at, [(step) => x.at(step), (value) => y.at(value)]))}
  </svg>`.text;
}

function drawnLine(
  steps: ArrayLike<number>,
  { label, values, smoothed }: ReportLine,
  at: number,
  [x, y]: readonly [Place, Place],
): Markup {
  const color = COLORS[at % COLORS.length];
  const path = (line: ArrayLike<number>): string =>
    linePath(thin(Array.from(steps, (step, index) => ({ step, value: line[index] }))), x, y);
  const smoothing = 1 - 1 / Math.max(1, values.length * SMOOTHING_FRACTION);
  const strong = smoothed ? smooth(values, smoothing) : values;
  const legendY = FRAME.top + 20 + at * 22;
  return markup`${smoothed ? markup`<path d="${path(values)}" fill="none" stroke="${color}" stroke-width="1" opacity="0.3" />` : undefined}
    <path
      d="${path(strong)}"
      fill="none"
      stroke="${color}"
      stroke-width="2.2"
      stroke-linejoin="round"
      stroke-linecap="round"
    />
    <path d="M${RIGHT + 14} ${legendY - 4}h18" stroke="${color}" stroke-width="3" />
    <text x="${RIGHT + 38}" y="${legendY}">${label}</text> `;
}

interface Point {
  readonly step: number;
  readonly value: number;
}

/** Every nth point, and the last. */
function thin(points: readonly Point[]): Point[] {
  const every = Math.ceil(points.length / MAX_POINTS);
  return points.filter((_, index) => index % every === 0 || index === points.length - 1);
}

function linePath(points: readonly Point[], x: Place, y: Place): string {
  let drawing = false;
  const parts = points.map(({ step, value }) => {
    if (!Number.isFinite(value)) {
      drawing = false;
      return '';
    }
    const command = drawing ? 'L' : 'M';
    drawing = true;
    const position = `${x(step).toFixed(1)} ${y(value).toFixed(1)}`;
    // A line of no length is not drawn, so that a single point gets one.
    return command === 'M' ? `M${position}h0.01` : `L${position}`;
  });
  return parts.join('');
}

const tickY = (y: number, value: number): Markup =>
  markup`<path d="M${FRAME.left} ${y.toFixed(1)}H${RIGHT}" stroke="#e4e4e4" class="grid" />
    ${tickText(FRAME.left - 8, y + 4, 'end', value)}`;
const tickX = (x: number, value: number): Markup =>
  markup`<path d="M${x.toFixed(1)} ${BOTTOM}v5" stroke="#999" class="axis" />
    ${tickText(x, BOTTOM + 19, 'middle', value)}`;
const tickText = (x: number, y: number, anchor: 'middle' | 'end', value: number): Markup =>
  markup`<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" text-anchor="${anchor}">${Number(value.toPrecision(6))}</text>`;

/** A linear map from [low, high] to [from, to]. */
function scale(low: number, high: number, from: number, to: number): { low: number; high: number; at: Place } {
  const length = high - low || 1;
  return { low, high, at: (value) => from + ((value - low) / length) * (to - from) };
}

/** Multiples of 1, 2 or 5 times a power of ten within the range: at most `max` + 1. */
function ticks(low: number, high: number, max: number): number[] {
  if (!(high > low)) return [low];
  const minStep = (high - low) / max;
  const power = 10 ** Math.floor(Math.log10(minStep));
  const step = power * ([1, 2, 5].find((factor) => factor * power >= minStep) ?? 10);
  const first = Math.ceil(low / step);
  return Array.from({ length: Math.floor(high / step) - first + 1 }, (_, index) => (first + index) * step);
}

/** Minimum and maximum, without spreading a long list into arguments. */
function extremes(values: readonly number[]): [number, number] {
  return values.reduce(([low, high], value) => [Math.min(low, value), Math.max(high, value)], [Infinity, -Infinity]);
}

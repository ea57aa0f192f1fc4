import sharp from 'sharp';
import { smooth } from '../../lib/smooth.ts';
import { SERIES, type StepRecord } from '../../signals/metrics.ts';

interface Curve {
  readonly label: string;
  readonly color: string;
  readonly of: (record: StepRecord) => number;
}

/** Okabe and Ito's color-blind-safe hues. */
const COLORS = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9'];
const CURVES: readonly Curve[] = SERIES.filter(({ curve }) => curve.chart === 'Losses').map(
  ({ curve, valueOf }, index) => ({ label: curve.label, color: COLORS[index % COLORS.length], of: valueOf }),
);
const [WIDTH, HEIGHT] = [960, 480];
const FRAME = { left: 56, right: 110, top: 20, bottom: 44 };
const RIGHT = WIDTH - FRAME.right;
const BOTTOM = HEIGHT - FRAME.bottom;
/** A curve is smoothed over about this fraction of its length. */
const SMOOTHING_FRACTION = 1 / 50;
/** One point per column of pixels. */
const MAX_POINTS = WIDTH;

/** The three losses over the steps as a PNG: raw lines thin and pale, smoothed ones strong. */
export function curvesPng(records: readonly StepRecord[]): Promise<Buffer> {
  return sharp(Buffer.from(curvesSvg(records)))
    .png()
    .toBuffer();
}

/** The SVG that `curvesPng` renders. Values that are not finite leave a gap. */
export function curvesSvg(records: readonly StepRecord[]): string {
  const values = CURVES.flatMap(({ of }) => records.map(of)).filter(Number.isFinite);
  const steps = records.map(({ step }) => step);
  const x = scale(steps.length ? Math.min(...extremes(steps)) : 0, Math.max(...extremes(steps), 1), FRAME.left, RIGHT);
  const [low, high] = values.length ? extremes(values) : [0, 1];
  const margin = (high - low || Math.abs(high) || 1) * 0.05;
  const y = scale(low - margin, high + margin, BOTTOM, FRAME.top);
  const body = [
    ...ticks(y.low, y.high, 6).map((value) => horizontalTick(y.at(value), tickLabel(value))),
    ...ticks(x.low, x.high, 8)
      .filter(Number.isInteger)
      .map((value) => verticalTick(x.at(value), tickLabel(value))),
    `<text x="${(FRAME.left + RIGHT) / 2}" y="${HEIGHT - 8}" text-anchor="middle">step</text>`,
    ...CURVES.map((curve, index) =>
      curveLines(
        records,
        curve,
        index,
        (step) => x.at(step),
        (value) => y.at(value),
      ),
    ),
  ];
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}" font-family="sans-serif" font-size="13" fill="#444">
<rect width="100%" height="100%" fill="#fff"/>
${body.join('\n')}
</svg>`;
}

function curveLines(
  records: readonly StepRecord[],
  { label, color, of }: Curve,
  index: number,
  x: (step: number) => number,
  y: (value: number) => number,
): string {
  const raw = records.map((record) => ({ step: record.step, value: of(record) }));
  const smoothing = 1 - 1 / Math.max(1, raw.length * SMOOTHING_FRACTION);
  const means = smooth(
    raw.map(({ value }) => value),
    smoothing,
  );
  const smoothed = raw.map(({ step }, at) => ({ step, value: means[at] }));
  const path = (points: typeof raw): string => linePath(thin(points), x, y);
  const legendY = FRAME.top + 20 + index * 22;
  return [
    `<path d="${path(raw)}" fill="none" stroke="${color}" stroke-width="1" opacity="0.3"/>`,
    `<path d="${path(smoothed)}" fill="none" stroke="${color}" stroke-width="2.2" stroke-linejoin="round" stroke-linecap="round"/>`,
    `<path d="M${RIGHT + 14} ${legendY - 4}h18" stroke="${color}" stroke-width="3"/>`,
    `<text x="${RIGHT + 38}" y="${legendY}">${label}</text>`,
  ].join('\n');
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

function linePath(points: readonly Point[], x: (step: number) => number, y: (value: number) => number): string {
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

const horizontalTick = (y: number, label: string): string =>
  `<path d="M${FRAME.left} ${y.toFixed(1)}H${RIGHT}" stroke="#e4e4e4"/><text x="${FRAME.left - 8}" y="${(y + 4).toFixed(1)}" text-anchor="end">${label}</text>`;
const verticalTick = (x: number, label: string): string =>
  `<path d="M${x.toFixed(1)} ${BOTTOM}v5" stroke="#999"/><text x="${x.toFixed(1)}" y="${BOTTOM + 19}" text-anchor="middle">${label}</text>`;

const tickLabel = (value: number): string => String(Number(value.toPrecision(6)));

/** A linear map from [low, high] to [from, to]. */
function scale(
  low: number,
  high: number,
  from: number,
  to: number,
): { low: number; high: number; at(value: number): number } {
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

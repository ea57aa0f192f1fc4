import { comparedLabels } from '../../domain/exploration.ts';
import type { Overlay } from '../../domain/reports.ts';

/** What the last third of a run did. */
export interface LastThird {
  /** Fraction of the watched pixels whose slot is another one; undefined where nothing was drawn around two thirds. */
  readonly changed: number | undefined;
  /** By how much the loss fell along a fitted line, and twice the standard error of that; undefined with few steps. */
  readonly loss: { readonly fall: number; readonly noise: number } | undefined;
}

/** Losses of a run, one per step or per a few steps. */
export interface LossCurve {
  readonly steps: ArrayLike<number>;
  readonly values: ArrayLike<number>;
}

/** Watched images as they were drawn at a step. */
export interface Drawing {
  readonly step: number;
  readonly overlays: readonly Pick<Overlay, 'grid'>[];
}

/** Fewer points have no noise to speak of. */
const MIN_POINTS = 8;
/** A drawing counts as that of two thirds of the run up to this fraction of it away. */
const NEAR = 1 / 6;

/** Measures the steps from `start` to `end`. Drawings are sorted by step. */
export function lastThird(curve: LossCurve, drawings: readonly Drawing[], start: number, end: number): LastThird {
  const from = start + (2 * (end - start)) / 3;
  return { changed: changedFraction(drawings, from, NEAR * (end - start)), loss: fallOf(curve, from) };
}

function changedFraction(drawings: readonly Drawing[], from: number, near: number): number | undefined {
  const last = drawings.at(-1);
  const [nearest] = drawings.toSorted((a, b) => Math.abs(a.step - from) - Math.abs(b.step - from));
  if (!last || nearest === last || Math.abs(nearest.step - from) > near) return undefined;
  if (nearest.overlays.length !== last.overlays.length) return undefined;
  const [before, after] = [nearest, last].map(({ overlays }) => comparedLabels(overlays.map(({ grid }) => grid)));
  return after.reduce((count, label, at) => count + (label === before[at] ? 0 : 1), 0) / after.length;
}

/** Least squares over the points after `from`; the noise of steps is taken as independent. */
function fallOf({ steps, values }: LossCurve, from: number): LastThird['loss'] {
  const points = Array.from(steps, (step, at) => [step, values[at]] as const).filter(([step]) => step > from);
  const count = points.length;
  if (count < MIN_POINTS) return undefined;
  const mean = (of: (point: readonly [number, number]) => number): number =>
    points.reduce((sum, point) => sum + of(point), 0) / count;
  const [middle, level] = [mean(([step]) => step), mean(([, value]) => value)];
  const spread = mean(([step]) => (step - middle) ** 2);
  const slope = mean(([step, value]) => (step - middle) * (value - level)) / spread;
  const residual = mean(([step, value]) => (value - level - slope * (step - middle)) ** 2);
  const length = points[count - 1][0] - points[0][0];
  return { fall: -slope * length, noise: 2 * length * Math.sqrt(residual / spread / (count - 2)) };
}

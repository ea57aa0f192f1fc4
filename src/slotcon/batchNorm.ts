import type { Engine } from '../ops/engine.ts';
import type { Tensor } from '../ops/tensor.ts';
import type { Model } from './model.ts';

/** torch.nn.BatchNorm2d's eps and momentum. */
export const NORM_EPSILON = 1e-5;
const NORM_MOMENTUM = 0.1;

/** Batch statistics of a forward pass, for the update of the running ones. G groups · C channels. */
export interface NormStatistics {
  /** Full name, e.g. `encoder_q.bn1`. */
  readonly name: string;
  /** [G,C] */
  readonly mean: Tensor;
  /** [G,C], biased. */
  readonly variance: Tensor;
  /** Number of rows of each group: [G,1] */
  readonly rows: Tensor;
}

/** r ← 0.9 r + 0.1 s, view 1 then view 2; the variance unbiased. With fewer than 2 rows a statistic is not updated. */
export function updateRunningStatistics(engine: Engine, model: Model, statistics: NormStatistics): void {
  const { name, mean, variance, rows } = statistics;
  const weights = rows.greater(1.5).mul(NORM_MOMENTUM);
  const unbiased = variance.mul(rows.div(rows.sub(1).clipMin(1)));
  const groups = Array.from({ length: mean.shape[0] }, (_, group) => group);
  for (const [buffer, values] of [
    ['running_mean', mean],
    ['running_var', unbiased],
  ] as const) {
    const { variable } = model.entry(`${name}.${buffer}`);
    const updated = groups.reduce((running, group) => {
      const latest = values.slice(group, 1).reshape(variable.shape);
      return running.add(weights.slice(group, 1).reshape([1]).mul(latest.sub(running)));
    }, variable.value);
    engine.assign(variable, updated);
  }
}

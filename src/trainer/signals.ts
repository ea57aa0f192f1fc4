import type { Ops, Tensor } from '../ops/ops.ts';

/** What a step measures: each name is one number of the metrics vector, followed by the K usages. */
export const SCALARS = [
  'loss',
  'group1',
  'group2',
  'slot1',
  'slot2',
  'kept1',
  'kept2',
  'keys1',
  'keys2',
  'activeQ1',
  'activeQ2',
  'entropy',
  'meanEntropy',
  'agreement',
  'featureCosine',
  'biasRatio',
  'activations',
] as const;

export type Scalars = Readonly<Record<(typeof SCALARS)[number], Tensor>>;

/** [scalars…, usage of each prototype…] as one tensor, so that a step is one read-back. */
export function packMetrics(ops: Ops, scalars: Scalars, usage: Tensor): Tensor {
  return ops.concat([...SCALARS.map((name) => ops.reshape(scalars[name], [1])), usage]);
}

export interface Metrics {
  readonly scalars: Readonly<Record<(typeof SCALARS)[number], number>>;
  readonly usage: readonly number[];
}

export function unpackMetrics(values: Float32Array): Metrics {
  const scalars = Object.fromEntries(SCALARS.map((name, index) => [name, values[index]]));
  return { scalars: scalars as Metrics['scalars'], usage: Array.from(values.subarray(SCALARS.length)) };
}

/** Entropy over the last axis relative to log K, averaged over the rest; p is a probability: 0 uniform never, 1 always. */
export function relativeEntropy(ops: Ops, p: Tensor): Tensor {
  const k = p.shape[p.shape.length - 1];
  const rows = p.shape.reduce((product, size) => product * size, 1) / k;
  const axes = p.shape.map((_, axis) => axis);
  // 1e-12 keeps 0·log 0 at 0.
  return ops.scale(ops.sum(ops.mul(p, ops.log(ops.shift(p, 1e-12))), axes), -1 / (rows * Math.log(k)));
}

/** Mean over cells: [N,n,K] → [K] */
export function meanOverCells(ops: Ops, x: Tensor): Tensor {
  return ops.scale(ops.sum(x, [0, 1]), 1 / (x.shape[0] * x.shape[1]));
}

/** Mean cosine of two different cells of z [N,n,D]: (‖Σẑ‖² − M)/(M(M−1)) over M = N·n unit vectors. */
export function featureCosine(ops: Ops, z: Tensor): Tensor {
  const cells = z.shape[0] * z.shape[1];
  const total = ops.sum(ops.l2Normalize(z), [0, 1]);
  return ops.scale(ops.shift(ops.sum(ops.mul(total, total), [0]), -cells), 1 / (cells * (cells - 1)));
}

/** ‖bias‖ over the root-mean-square norm of z: near 1, the projector says the same of every cell. */
export function biasRatio(ops: Ops, bias: Tensor, z: Tensor): Tensor {
  const meanSquare = ops.scale(ops.sum(ops.mul(z, z), [0, 1, 2]), 1 / (z.shape[0] * z.shape[1]));
  return ops.sqrt(ops.div(ops.sum(ops.mul(bias, bias), [0]), ops.shift(meanSquare, 1e-12)));
}

/**
 * Sum of all batch means: not finite as soon as any weight or activation isn't. The loss alone doesn't tell, as ReLU is a
 * maximum with 0, and the maximum of 0 and NaN is 0 on most GPUs.
 */
export function sumOfMeans(ops: Ops, means: readonly Tensor[]): Tensor {
  return ops.sum(ops.concat(means.map((mean) => ops.reshape(mean, [mean.shape[0] * mean.shape[1]]))), [0]);
}

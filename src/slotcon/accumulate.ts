import type { Config } from '../config/fields.ts';
import type { Engine, Variable } from '../ops/engine.ts';
import type { Tensor } from '../ops/tensor.ts';
import type { Model } from './model.ts';

/** Inputs of a piece of a step besides its batch. */
export interface PieceScalars {
  /** 0 for the first piece of a step, which begins the sums anew; else 1. */
  readonly follows: Tensor;
}

/** Creates a sum for the gradient of every parameter, in the order of `model.student`. No part of the state: they begin with each step. */
export function gradientSums(
  { student }: Pick<Model, 'student'>,
  variableOf: (name: string, shape: readonly number[]) => Variable,
): Variable[] {
  return student.map(({ name, variable }) => variableOf(`gradient.${name}`, variable.shape));
}

/** s ← s + g/N, with s = 0 before the first piece, whatever a step that failed has left. */
export function addGradients(
  engine: Engine,
  { accumulate }: Config,
  sums: readonly Variable[],
  gradients: readonly Tensor[],
  { follows }: PieceScalars,
): void {
  gradients.forEach((gradient, index) => {
    const sum = sums[index];
    const part = gradient.reshape(sum.shape).mul(1 / accumulate);
    engine.assign(sum, sum.value.where(follows, 0).add(part));
  });
}

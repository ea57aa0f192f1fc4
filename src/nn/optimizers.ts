import type { Ops, Tensor } from '../ops/ops.ts';

export interface UpdateOptions {
  /** Learning rate of this step: a scalar tensor. */
  readonly lr: Tensor;
  readonly momentum: number;
  readonly weightDecay: number;
}

export interface LarsOptions extends UpdateOptions {
  /** η */
  readonly trustCoefficient: number;
  /** Multiplies the learning rate of 1-D tensors; published: 1. */
  readonly lrFactor1d: number;
}

export interface Update {
  readonly parameter: Tensor;
  readonly momentum: Tensor;
}

/**
 * LARS (You et al. 2017) as the published runs use it: g ← g + wd·p, then g ← g·η‖p‖/‖g‖ where both norms are positive;
 * μ ← m·μ + g; p ← p − lr·μ. 1-D tensors (BatchNorm, biases) take the raw gradient: no decay, no adaptation.
 * `dimensions` counts those PyTorch sees.
 */
export function larsUpdate(
  ops: Ops,
  dimensions: number,
  { parameter, momentum }: Update,
  gradient: Tensor,
  options: LarsOptions,
): Update {
  let g = gradient;
  let lr = options.lr;
  if (dimensions === 1) {
    lr = ops.scale(lr, options.lrFactor1d);
  } else {
    g = ops.add(g, ops.scale(parameter, options.weightDecay));
    const pNorm = norm(ops, parameter);
    const gNorm = norm(ops, g);
    const both = ops.mul(ops.step(pNorm), ops.step(gNorm));
    const neither = ops.shift(ops.scale(both, -1), 1);
    // Where a norm is 0 the ratio is 1; the term in the divisor keeps the quotient finite there.
    const ratio = ops.div(ops.scale(pNorm, options.trustCoefficient), ops.add(gNorm, neither));
    g = ops.mul(g, ops.add(ops.mul(both, ratio), neither));
  }
  const next = ops.add(ops.scale(momentum, options.momentum), g);
  return { parameter: ops.sub(parameter, ops.mul(next, lr)), momentum: next };
}

/**
 * PyTorch's SGD: decay on everything, μ ← m·μ + g, p ← p − lr·μ. Its first momentum is the gradient itself, which a
 * momentum that starts at 0 gives as well.
 */
export function sgdUpdate(ops: Ops, { parameter, momentum }: Update, gradient: Tensor, options: UpdateOptions): Update {
  const g = ops.add(gradient, ops.scale(parameter, options.weightDecay));
  const next = ops.add(ops.scale(momentum, options.momentum), g);
  return { parameter: ops.sub(parameter, ops.mul(next, options.lr)), momentum: next };
}

function norm(ops: Ops, x: Tensor): Tensor {
  const axes = x.shape.map((_, axis) => axis);
  return ops.sqrt(ops.sum(ops.mul(x, x), axes));
}

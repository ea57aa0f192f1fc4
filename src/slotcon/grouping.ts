import type { Ops, Tensor } from '../ops/ops.ts';

/** What semantic grouping gives for one network. N images · n cells · K prototypes · D channels. */
export interface Grouping {
  /** Cosines of prototypes and projections: [N,n,K] */
  readonly dots: Tensor;
  /** Means of the projections, weighted by the assignment: [N,K,D] */
  readonly slots: Tensor;
  /** softmax over k of dots/τ, before the 1e-6: [N,n,K] */
  readonly assignment: Tensor;
}

/**
 * Semantic grouping (§3.2 of the paper; `SemanticGrouping.forward` in the reference): each cell is shared among the
 * prototypes, each slot pools the *unnormalized* projections of its cells. Both networks use the teacher's temperature.
 */
export function semanticGrouping(
  ops: Ops,
  z: Tensor,
  prototypes: Tensor,
  temperature: number,
  /** Sees dots and slots as they are made and hands them on. */
  observe: (name: 'dots' | 'slots', x: Tensor) => Tensor = (_, x) => x,
): Grouping {
  const [images, cells, channels] = z.shape;
  const k = prototypes.shape[0];
  const directions = ops.reshape(ops.l2Normalize(z), [images * cells, channels]);
  const scores = ops.matMul(directions, ops.l2Normalize(prototypes), { b: true });
  const dots = observe('dots', ops.reshape(scores, [images, cells, k]));
  const assignment = ops.softmax(ops.scale(dots, 1 / temperature));
  // 1e-6 after the softmax, so that a prototype without cells still has a finite slot.
  const weights = ops.shift(assignment, 1e-6);
  const sums = ops.reshape(ops.sum(weights, [1]), [images, k, 1]);
  const slots = observe('slots', ops.div(ops.matMul(weights, z, { a: true }), sums));
  return { dots, slots, assignment };
}

/** 1 for each (image, prototype) that wins the argmax of at least one cell, else 0: [N,n,K] → [N,K]; no gradient. */
export function presentSlots(ops: Ops, dots: Tensor): Tensor {
  return ops.maxOver(ops.oneHotArgMax(dots), 1);
}

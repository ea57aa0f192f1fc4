import type { Tensor } from '../ops/tensor.ts';

/** Semantic grouping of one network. N images · n cells · K prototypes · D channels. */
export interface Grouping {
  /** Cosines of prototypes and projections: [N,n,K] */
  readonly dots: Tensor;
  /** Means of the projections, weighted by the assignment: [N,K,D] */
  readonly slots: Tensor;
  /** softmax over k of dots/τ, before the 1e-6: [N,n,K] */
  readonly assignment: Tensor;
}

/**
 * Semantic grouping (§3.2 of the paper; `SemanticGrouping.forward` in the reference) of z [N,n,D] by prototypes [K,D]: each
 * cell is assigned softly to the prototypes, each slot pools the *unnormalized* projections of its cells. Both networks
 * use the teacher's temperature.
 */
export function semanticGrouping(z: Tensor, prototypes: Tensor, temperature: number): Grouping {
  const [images, cells, channels] = z.shape;
  const [k] = prototypes.shape;
  const directions = z.l2Normalize().reshape([images * cells, channels]);
  const dots = directions.matMul(prototypes.l2Normalize(), { b: true }).reshape([images, cells, k]);
  const assignment = dots.div(temperature).softmax();
  // 1e-6 after the softmax, so that a prototype without cells still has a finite slot.
  const weights = assignment.add(1e-6);
  const slots = weights.matMul(z, { a: true }).div(weights.sum(1).reshape([images, k, 1]));
  return { dots, slots, assignment };
}

/** 1 for each (image, prototype) that wins the argmax of at least one cell, else 0: [N,n,K] → [N,K]; no gradient. */
export function presentSlots(dots: Tensor): Tensor {
  return dots.oneHotArgMax().max(1);
}

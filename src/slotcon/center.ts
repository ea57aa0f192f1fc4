import type { Ops, Tensor } from '../ops/ops.ts';

/**
 * c ← λ_c·c + (1−λ_c)·mean of the teacher's *unaligned* scores of both views over images and cells (eq. 5).
 * `center` [1,K], `dots` [2B,n,K]. Caron et al. 2021 introduced it against collapse.
 */
export function updatedCenter(ops: Ops, center: Tensor, dots: Tensor, momentum: number): Tensor {
  const cells = dots.shape[0] * dots.shape[1];
  const mean = ops.scale(ops.sum(dots, [0, 1]), 1 / cells);
  return ops.add(ops.scale(center, momentum), ops.scale(ops.reshape(mean, center.shape), 1 - momentum));
}

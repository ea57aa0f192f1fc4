import type { Tensor } from '../ops/tensor.ts';

/**
 * c ← λ_c·c + (1−λ_c)·mean of the teacher's *unaligned* dots of both views over images and cells (eq. 5).
 * `center` [1,K], `dots` [2B,n,K]. Caron et al. 2021 introduced it against collapse.
 */
export function updatedCenter(center: Tensor, dots: Tensor, momentum: number): Tensor {
  const mean = dots.mean(0, 1).reshape(center.shape);
  return center.mul(momentum).add(mean.mul(1 - momentum));
}

import type { Tensor } from '../ops/tensor.ts';

/** Splits a batch into its two views, [2B,…] → [B,…] each: view 1 of all images precedes view 2. */
export function viewsOf(x: Tensor): readonly [Tensor, Tensor] {
  const half = x.shape[0] / 2;
  return [x.slice(0, half), x.slice(half, half)];
}

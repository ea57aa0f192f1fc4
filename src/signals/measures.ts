import type { Tensor } from '../ops/tensor.ts';

/** Entropy over the last axis relative to log K, averaged over the rest; p is a probability. 1 is uniform. */
export function relativeEntropy(p: Tensor): Tensor {
  const k = p.shape[p.shape.length - 1];
  // 1e-12 keeps 0·log 0 at 0.
  return p
    .mul(p.add(1e-12).log())
    .sum()
    .mul(-1 / ((p.size / k) * Math.log(k)));
}

/** Mean over images and cells: [N,n,K] → [K] */
export function meanOverCells(x: Tensor): Tensor {
  return x.mean(0, 1);
}

/** Mean cosine of two different cells of z [N,n,D]: (‖Σẑ‖² − M)/(M(M−1)) over M = N·n unit vectors. */
export function featureCosine(z: Tensor): Tensor {
  const cells = z.shape[0] * z.shape[1];
  return z
    .l2Normalize()
    .sum(0, 1)
    .square()
    .sum()
    .sub(cells)
    .div(cells * (cells - 1));
}

/** ‖bias‖ over the root-mean-square norm of z [N,n,D]: near 1, the projector's output is the same in every cell. */
export function biasRatio(bias: Tensor, z: Tensor): Tensor {
  const meanSquare = z
    .square()
    .sum()
    .div(z.shape[0] * z.shape[1]);
  return bias.square().sum().div(meanSquare.add(1e-12)).sqrt();
}

/** Fraction of aligned cells in which both views have the same argmax; dots [2B,n,K], view 1 first. */
export function viewAgreement(aligned: Tensor): Tensor {
  const [views, cells] = aligned.shape;
  const images = views / 2;
  const winners = aligned.oneHotArgMax();
  return winners
    .slice(0, images)
    .mul(winners.slice(images, images))
    .sum()
    .div(images * cells);
}

/**
 * Sum of all batch means: not finite as soon as any weight or activation isn't. The loss alone may stay
 * finite: ReLU is a maximum with 0, and the maximum of 0 and NaN is 0 on most GPUs.
 */
export function sumOfMeans(means: readonly Tensor[]): Tensor {
  const [first, ...rest] = means.map((mean) => mean.reshape([mean.size]));
  return first.concat(...rest).sum();
}

import type { Tensor } from '../ops/tensor.ts';

/**
 * Grouping loss of one direction (eq. 4; `self_distill` in the reference): cross-entropy from the teacher's centered,
 * sharpened dots to the student's, averaged over all cells. N images · n cells · K prototypes.
 * `q` [N,n,K] student, `k` [N,n,K] teacher (no gradient), both aligned; `center` [1,K] before its update.
 */
export function groupingLoss(
  q: Tensor,
  k: Tensor,
  center: Tensor,
  temperatures: { readonly studentTemp: number; readonly teacherTemp: number },
): Tensor {
  const target = k.sub(center).div(temperatures.teacherTemp).softmax();
  const logProbabilities = q.div(temperatures.studentTemp).logSoftmax();
  const cells = q.shape[0] * q.shape[1];
  return target.mul(logProbabilities).sum().div(-cells);
}

export interface SlotContrast {
  readonly loss: Tensor;
  /** Number of queries that are averaged. */
  readonly kept: Tensor;
  readonly keys: Tensor;
  /** [R,R] before masking. */
  readonly logits: Tensor;
}

/**
 * Slot loss of one direction (eq. 6; `ctr_loss_filtered` in the reference). R rows = images × prototypes.
 * `queries` [R,D]: the predictor's outputs; `keys` [R,D]: the teacher's slots (no gradient); masks [R] of 0 and 1.
 * Static shapes: instead of selecting rows, absent keys get a logit of −1e9 and absent queries a weight of 0. The
 * target of a query is the key of the same image and prototype, in the same row.
 */
export function slotLoss(
  queries: Tensor,
  keys: Tensor,
  masks: { readonly query: Tensor; readonly key: Tensor },
  temperature: number,
): SlotContrast {
  const [rows] = queries.shape;
  const [q, k] = [queries.l2Normalize(), keys.l2Normalize()];
  const logits = q.matMul(k, { b: true }).div(temperature);
  const normalizer = logits
    .where(masks.key.reshape([1, rows]), -1e9)
    .logSumExp()
    .reshape([rows]);
  // Log-probability of the target; a query's own key is present, so it needs no mask.
  const own = q.mul(k).sum(1).div(temperature).sub(normalizer);
  const kept = masks.query.sum();
  const mean = own.mul(masks.query).sum().div(kept.clipMin(1));
  // With one query BatchNorm has no variance and with none there is no mean: fewer than 2 count as a loss of 0.
  // ×2τ keeps the loss scale comparable across temperatures (reference: ctr_loss_filtered).
  const loss = mean.mul(-2 * temperature).mul(kept.greater(1.5));
  return { loss, kept, keys: masks.key.sum(), logits };
}

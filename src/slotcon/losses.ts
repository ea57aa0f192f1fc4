import type { Ops, Tensor } from '../ops/ops.ts';

/**
 * Grouping loss of one direction (eq. 4; `self_distill` in the reference): cross-entropy from the teacher's centered,
 * sharpened scores to the student's, averaged over all cells. N images · n cells · K prototypes.
 * `q` [N,n,K] student, `k` [N,n,K] teacher (no gradient), both aligned; `center` [1,K] before its update.
 */
export function groupingLoss(
  ops: Ops,
  q: Tensor,
  k: Tensor,
  center: Tensor,
  temperatures: { readonly student: number; readonly teacher: number },
): Tensor {
  const target = ops.softmax(ops.scale(ops.sub(k, center), 1 / temperatures.teacher));
  const scores = ops.scale(q, 1 / temperatures.student);
  const logProbabilities = ops.sub(scores, ops.logSumExp(scores));
  const cells = q.shape[0] * q.shape[1];
  return ops.scale(ops.sum(ops.mul(target, logProbabilities), [0, 1, 2]), -1 / cells);
}

export interface SlotContrast {
  readonly loss: Tensor;
  /** Queries: how many rows the mean is over. */
  readonly kept: Tensor;
  readonly keys: Tensor;
  /** [rows,rows] before masking, for parity. */
  readonly logits: Tensor;
}

/**
 * Slot loss of one direction (eq. 6; `ctr_loss_filtered` in the reference). R rows = images × prototypes.
 * `queries` [R,D]: the predictor's outputs; `keys` [R,D]: the teacher's slots (no gradient); masks [R] of 0 and 1.
 * Static shapes: instead of selecting rows, absent keys get a logit of −1e9 and absent queries a weight of 0. The
 * target of a query is the key of the same image and prototype, so row by row.
 */
export function slotLoss(
  ops: Ops,
  queries: Tensor,
  keys: Tensor,
  masks: { readonly query: Tensor; readonly key: Tensor },
  temperature: number,
): SlotContrast {
  const rows = queries.shape[0];
  const [q, k] = [ops.l2Normalize(queries), ops.l2Normalize(keys)];
  const logits = ops.scale(ops.matMul(q, k, { b: true }), 1 / temperature);
  const absent = ops.reshape(ops.scale(ops.shift(masks.key, -1), 1e9), [1, rows]);
  const normalizer = ops.reshape(ops.logSumExp(ops.add(logits, absent)), [rows]);
  // Log-probability of the target; a query's own key is present, so it needs no mask.
  const own = ops.sub(ops.scale(ops.sum(ops.mul(q, k), [1]), 1 / temperature), normalizer);
  const kept = ops.sum(masks.query, [0]);
  // With one query BatchNorm has no variance and with none there is no mean: fewer than 2 count as a loss of 0.
  const enough = ops.step(ops.shift(kept, -1.5));
  const atLeastOne = ops.add(kept, ops.shift(ops.scale(ops.step(kept), -1), 1));
  const mean = ops.div(ops.sum(ops.mul(own, masks.query), [0]), atLeastOne);
  // ×2τ keeps the loss scale comparable across temperatures (reference: ctr_loss_filtered).
  const loss = ops.mul(ops.scale(mean, -2 * temperature), enough);
  return { loss, kept, keys: ops.sum(masks.key, [0]), logits };
}

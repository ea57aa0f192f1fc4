import type { StepPasses } from '../../slotcon/step.ts';
import { viewsOf } from '../../slotcon/views.ts';

/** Losses of a step, scalars, by their names in the goldens. */
export function publishedLosses({ loss, groupingLosses, contrasts }: StepPasses) {
  return {
    loss,
    distill_q1_k2: groupingLosses[0],
    distill_q2_k1: groupingLosses[1],
    ctr_q1_k2: contrasts[0].loss,
    ctr_q2_k1: contrasts[1].loss,
  };
}

/** Numbers of queries, keys and present student slots of a step, by their names in the goldens. */
export function publishedCounts({ student, contrasts }: StepPasses) {
  const [active1, active2] = viewsOf(student.present);
  return {
    n_kept_q1_k2: contrasts[0].kept,
    n_kept_q2_k1: contrasts[1].kept,
    n_keys_k1: contrasts[1].keys,
    n_keys_k2: contrasts[0].keys,
    active_q1: active1.sum(),
    active_q2: active2.sum(),
  };
}

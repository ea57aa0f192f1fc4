import type { Tensor } from '../ops/tensor.ts';
import type { NormStatistics } from './batchNorm.ts';
import { predict, type ForwardPass } from './forward.ts';
import type { Model } from './model.ts';
import { viewsOf } from './views.ts';

/** Outputs of the predictor for the student's slots. Rows are images × prototypes, view 1 first. */
export interface PredictorPass {
  /** [2·B·K,D] */
  readonly slots: Tensor;
  readonly queries: Tensor;
  /** Masks of 0 and 1, [2·B·K]: queries are present in both views, keys in the teacher's other view. */
  readonly queryMask: Tensor;
  readonly keyMask: Tensor;
  readonly statistics: readonly NormStatistics[];
}

/**
 * Runs the predictor on the student's slots. Queries are the slots present in both views of their image, keys those
 * present in the teacher's other view.
 */
export function predictSlots(model: Model, student: ForwardPass, teacher: ForwardPass): PredictorPass {
  const [images, k, channels] = student.slots.shape;
  const slots = student.slots.reshape([images * k, channels]);
  const [present1, present2] = viewsOf(teacher.present);
  const keyMask = present2.concat(present1);
  const queryMask = student.present.mul(keyMask).reshape([images * k]);
  const { y, statistics } = predict(model, slots, { kind: 'batch', groups: 2, mask: queryMask });
  return { slots, queries: y, queryMask, keyMask: keyMask.reshape([images * k]), statistics };
}

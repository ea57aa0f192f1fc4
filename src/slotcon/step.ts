import type { StepScalars } from '../nn/optimizers/optimizer.ts';
import type { Engine, Variable } from '../ops/engine.ts';
import type { Tensor } from '../ops/tensor.ts';
import { addGradients, type PieceScalars } from './accumulate.ts';
import { updateRunningStatistics } from './batchNorm.ts';
import { updatedCenter } from './center.ts';
import { forwardPass, type ForwardPass } from './forward.ts';
import { groupingLoss, slotLoss, type SlotContrast } from './losses.ts';
import type { Model } from './model.ts';
import { predictSlots, type PredictorPass } from './predictor.ts';
import { updateStudent, updateTeacher } from './updates.ts';
import { viewsOf } from './views.ts';

/** B images · two views, view 1 of all images before view 2 · n = h·w cells · K prototypes · D channels. */
export interface BatchInputs {
  /** Normalized crops: [2B,H,W,3] */
  readonly images: Tensor;
  /** Inverse augmentation of every view, see `alignmentWeights`: [2B,h,h], [2B,w,w]. */
  readonly alignmentRows: Tensor;
  readonly alignmentColumns: Tensor;
  /** Momentum m of the teacher's moving average. */
  readonly teacherMomentum: Tensor;
}

export type StepInputs = BatchInputs & StepScalars;

/** Intermediates of a step. Directions are in the order (q1,k2), (q2,k1). */
export interface StepPasses {
  readonly student: ForwardPass;
  readonly teacher: ForwardPass;
  readonly predictor: PredictorPass;
  readonly groupingLosses: readonly [Tensor, Tensor];
  readonly contrasts: readonly [SlotContrast, SlotContrast];
  readonly loss: Tensor;
}

export interface StepResult {
  readonly passes: StepPasses;
  /** ∂loss/∂parameter, in the order of `model.student`. */
  readonly gradients: readonly Tensor[];
  /** ∂loss/∂tensor of the watched ones, by name. */
  readonly watched: Readonly<Record<string, Tensor>>;
}

/**
 * One training step, in the order of the published code. The teacher follows the student from before this step's
 * update; both networks group both views; the losses use the center from before its update; the optimizer runs last.
 */
export function trainingStep(
  engine: Engine,
  model: Model,
  inputs: StepInputs,
  watch?: (passes: StepPasses) => Readonly<Record<string, Tensor>>,
): StepResult {
  const result = forwardAndBackward(engine, model, inputs, watch);
  updateStudent(engine, model, result.gradients, inputs);
  return result;
}

/**
 * One piece of a step whose gradient is the mean over `config.accumulate` batches, as where the published code is looped:
 * `for piece: (model(piece) / N).backward()`, then `optimizer.step()`. BatchNorm's statistics, the center and the slot loss see
 * one piece at a time. The teacher follows once a step, before the first piece, as the student stays until the optimizer runs:
 * later ones are given a momentum of 1. After the last, `sums` are the gradients for `updateStudent`.
 */
export function trainingPiece(
  engine: Engine,
  model: Model,
  inputs: BatchInputs & PieceScalars,
  sums: readonly Variable[],
  watch?: (passes: StepPasses) => Readonly<Record<string, Tensor>>,
): StepResult {
  const result = forwardAndBackward(engine, model, inputs, watch);
  addGradients(engine, model.config, sums, result.gradients, inputs);
  return result;
}

/** Everything of a step but the update of the student. */
function forwardAndBackward(
  engine: Engine,
  model: Model,
  inputs: BatchInputs,
  watch?: (passes: StepPasses) => Readonly<Record<string, Tensor>>,
): StepResult {
  updateTeacher(engine, model, inputs.teacherMomentum);
  const { images, alignmentRows: rows, alignmentColumns: columns } = inputs;
  const views = { images, alignment: { rows, columns } };
  const teacher = forwardPass(model, 'teacher', views);
  const parameters = model.student.map(({ variable }) => variable);
  const forward = (): { loss: Tensor; aux: StepPasses } => {
    const passes = lossesOf(model, forwardPass(model, 'student', views), teacher);
    return { loss: passes.loss, aux: passes };
  };
  const { aux, gradients, watched } = engine.gradients(forward, parameters, watch);
  const center = model.center.variable;
  engine.assign(center, updatedCenter(center.value, teacher.dots, model.config.centerMomentum));
  for (const statistics of [...teacher.statistics, ...aux.student.statistics, ...aux.predictor.statistics]) {
    updateRunningStatistics(engine, model, statistics);
  }
  return { passes: aux, gradients, watched };
}

/** λ_g·grouping loss + (1−λ_g)·slot loss, each summed over both directions (eq. 7). */
function lossesOf(model: Model, student: ForwardPass, teacher: ForwardPass): StepPasses {
  const { config } = model;
  const center = model.center.variable.value;
  const [q1, q2] = viewsOf(student.aligned);
  const [k1, k2] = viewsOf(teacher.aligned);
  const groupingLosses = [groupingLoss(q1, k2, center, config), groupingLoss(q2, k1, center, config)] as const;

  const predictor = predictSlots(model, student, teacher);
  const [p1, p2] = viewsOf(predictor.queries);
  const [s1, s2] = viewsOf(teacher.slots.reshape(predictor.slots.shape));
  const [query1, query2] = viewsOf(predictor.queryMask);
  const [key2, key1] = viewsOf(predictor.keyMask);
  const contrasts = [
    slotLoss(p1, s2, { query: query1, key: key2 }, config.contrastTemp),
    slotLoss(p2, s1, { query: query2, key: key1 }, config.contrastTemp),
  ] as const;

  const grouping = groupingLosses[0].add(groupingLosses[1]);
  const slot = contrasts[0].loss.add(contrasts[1].loss);
  const loss = grouping.mul(config.groupLossWeight).add(slot.mul(1 - config.groupLossWeight));
  return { student, teacher, predictor, groupingLosses, contrasts, loss };
}

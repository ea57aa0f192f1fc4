import type { NetworkContext } from '../nn/network.ts';
import type { Ops, Tensor } from '../ops/ops.ts';
import type { Model } from './model.ts';
import { STUDENT_PREFIX, TEACHER_PREFIX } from './networks.ts';

/** torch.nn.BatchNorm2d's eps and momentum. */
export const NORM_EPSILON = 1e-5;
export const NORM_MOMENTUM = 0.1;

/** Batch statistics that a forward pass used, to be folded into the running ones. G groups. */
export interface NormStatistics {
  /** Full name, e.g. `encoder_q.bn1`. */
  readonly name: string;
  /** [G,C] */
  readonly mean: Tensor;
  /** [G,C], biased. */
  readonly variance: Tensor;
  /** Rows behind each group's statistics: [G,1] */
  readonly rows: Tensor;
}

export type NormMode =
  /** Each of `groups` parts of the batch by its own statistics, told to `onStatistics`. */
  | {
      readonly kind: 'batch';
      readonly groups: number;
      readonly mask?: Tensor;
      readonly onStatistics?: (statistics: NormStatistics) => void;
    }
  | { readonly kind: 'running' };

/** Encoder of the student (`q`) or the teacher (`k`): [N,H,W,3] → [N,h,w,C]. */
export function encode(ops: Ops, model: Model, who: 'q' | 'k', images: Tensor, mode: NormMode): Tensor {
  const prefix = (who === 'q' ? STUDENT_PREFIX : TEACHER_PREFIX).encoder;
  return model.networks.encoder.forward(contextOf(ops, model, prefix, mode), images);
}

/** Projector: [N,h,w,C] → z [N,h·w,D]. */
export function project(ops: Ops, model: Model, who: 'q' | 'k', features: Tensor, mode: NormMode): Tensor {
  const prefix = (who === 'q' ? STUDENT_PREFIX : TEACHER_PREFIX).projector;
  const [n, h, w, channels] = features.shape;
  const rows = ops.reshape(features, [n * h * w, channels]);
  const flat = model.networks.projector.forward(contextOf(ops, model, prefix, mode), rows);
  return ops.reshape(flat, [n, h * w, model.config.outDim]);
}

/** The student's predictor on slots: [rows,D] → [rows,D]; its BatchNorm sees the masked rows only. */
export function predict(ops: Ops, model: Model, slots: Tensor, mode: NormMode): Tensor {
  return model.networks.predictor.forward(contextOf(ops, model, STUDENT_PREFIX.predictor, mode), slots);
}

export function prototypesOf(model: Model, who: 'q' | 'k'): Tensor {
  const prefix = (who === 'q' ? STUDENT_PREFIX : TEACHER_PREFIX).grouping;
  return valueOf(model, `${prefix}.slot_embed.weight`);
}

function valueOf(model: Model, name: string): Tensor {
  const entry = model.entries.get(name);
  if (entry === undefined) throw new Error(`the model has no tensor "${name}"`);
  return entry.variable.value;
}

function contextOf(ops: Ops, model: Model, prefix: string, mode: NormMode): NetworkContext {
  const parameter = (name: string): Tensor => valueOf(model, `${prefix}.${name}`);
  const norm = (name: string, x: Tensor): Tensor => {
    const weight = parameter(`${name}.weight`);
    const bias = parameter(`${name}.bias`);
    if (mode.kind === 'running') {
      const mean = parameter(`${name}.running_mean`);
      const deviation = ops.sqrt(ops.shift(parameter(`${name}.running_var`), NORM_EPSILON));
      return ops.add(ops.mul(ops.sub(x, mean), ops.div(weight, deviation)), bias);
    }
    const { groups, mask, onStatistics } = mode;
    const options = { groups, epsilon: NORM_EPSILON, ...(mask === undefined ? {} : { mask }) };
    const { y, mean, variance, rows } = ops.batchNorm(x, weight, bias, options);
    onStatistics?.({ name: `${prefix}.${name}`, mean, variance, rows });
    return y;
  };
  return { ops, parameter, norm };
}

import { LAST_BIAS } from '../nn/head.ts';
import type { NetworkContext } from '../nn/network.ts';
import type { Tensor } from '../ops/tensor.ts';
import { NORM_EPSILON, type NormStatistics } from './batchNorm.ts';
import { presentSlots, semanticGrouping, type Grouping } from './grouping.ts';
import { align, type AxisWeights } from './invaug.ts';
import type { Model } from './model.ts';
import { PREFIX, type NetworkName } from './networks.ts';

export type NormMode =
  /** Normalizes each of `groups` parts of the batch by its own statistics, over the rows that `mask` selects. */
  { readonly kind: 'batch'; readonly groups: number; readonly mask?: Tensor } | { readonly kind: 'running' };

/** Output of a network, and the batch statistics of its BatchNorms (none in running mode). */
export interface NetworkOutput {
  readonly y: Tensor;
  readonly statistics: readonly NormStatistics[];
}

/** Encoder: [N,H,W,3] → [N,h,w,C]. */
export function encode(model: Model, network: NetworkName, images: Tensor, mode: NormMode): NetworkOutput {
  const { encoder } = model.networks;
  return apply(model, PREFIX[network].encoder, mode, (context) => encoder.forward(context, images));
}

/** Projector: [N,h,w,C] → z [N,h·w,D]. */
export function project(model: Model, network: NetworkName, features: Tensor, mode: NormMode): NetworkOutput {
  const [n, h, w, channels] = features.shape;
  const rows = features.reshape([n * h * w, channels]);
  return apply(model, PREFIX[network].projector, mode, (context) =>
    model.networks.projector.forward(context, rows).reshape([n, h * w, model.config.outDim]),
  );
}

/** The student's predictor on slots: [rows,D] → [rows,D]; its BatchNorm uses the masked rows only. */
export function predict(model: Model, slots: Tensor, mode: NormMode): NetworkOutput {
  return apply(model, PREFIX.student.predictor, mode, (context) => model.networks.predictor.forward(context, slots));
}

/** [K,D] */
export function prototypesOf(model: Model, network: NetworkName): Tensor {
  return model.entry(`${PREFIX[network].grouping}.${model.networks.prototypes.name}`).variable.value;
}

/** One network on both views. B images · n cells · C features · D channels · K prototypes. */
export interface ForwardPass extends Grouping {
  /** [2B,h,w,C] */
  readonly features: Tensor;
  /** Projections: [2B,n,D] */
  readonly z: Tensor;
  /** Bias of the projector's last layer: [D] */
  readonly bias: Tensor;
  /** Inverse-augmented dots: [2B,n,K] */
  readonly aligned: Tensor;
  /** [2B,K] of 0 and 1, see `presentSlots`. */
  readonly present: Tensor;
  readonly statistics: readonly NormStatistics[];
}

/** Encoder, projector and grouping of both views, each view by its own batch statistics. */
export function forwardPass(
  model: Model,
  network: NetworkName,
  { images, alignment }: { readonly images: Tensor; readonly alignment: AxisWeights<Tensor> },
): ForwardPass {
  const mode: NormMode = { kind: 'batch', groups: 2 };
  const features = encode(model, network, images, mode);
  const z = project(model, network, features.y, mode);
  // Both networks assign with the teacher's temperature.
  const grouping = semanticGrouping(z.y, prototypesOf(model, network), model.config.teacherTemp);
  return {
    ...grouping,
    features: features.y,
    z: z.y,
    bias: model.entry(`${PREFIX[network].projector}.${LAST_BIAS}`).variable.value,
    aligned: align(grouping.dots, alignment),
    present: presentSlots(grouping.dots),
    statistics: [...features.statistics, ...z.statistics],
  };
}

/** Runs a network with the parameters stored under a prefix, and collects the statistics of its BatchNorms. */
function apply(
  model: Model,
  prefix: string,
  mode: NormMode,
  forward: (context: NetworkContext) => Tensor,
): NetworkOutput {
  const statistics: NormStatistics[] = [];
  const parameter = (name: string): Tensor => model.entry(`${prefix}.${name}`).variable.value;
  const norm = (name: string, x: Tensor): Tensor => {
    const weight = parameter(`${name}.weight`);
    const bias = parameter(`${name}.bias`);
    if (mode.kind === 'running') {
      const deviation = parameter(`${name}.running_var`).add(NORM_EPSILON).sqrt();
      return x
        .sub(parameter(`${name}.running_mean`))
        .mul(weight.div(deviation))
        .add(bias);
    }
    const { groups, mask } = mode;
    const { y, ...batch } = x.batchNorm(weight, bias, { groups, epsilon: NORM_EPSILON, ...(mask && { mask }) });
    statistics.push({ name: `${prefix}.${name}`, ...batch });
    return y;
  };
  return { y: forward({ parameter, norm }), statistics };
}

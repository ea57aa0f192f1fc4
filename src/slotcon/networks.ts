import type { Config } from '../config/fields.ts';
import { createHead, type Head } from '../nn/head.ts';
import type { Encoder } from '../nn/encoders/encoder.ts';
import { createEncoder } from '../nn/encoders/encoders.ts';
import type { NormSpec, ParameterSpec } from '../nn/params.ts';

/** The networks of one model, without their state. */
export interface Networks {
  readonly encoder: Encoder;
  readonly projector: Head;
  /** Student only. */
  readonly predictor: Head;
  /** `slot_embed.weight`, the prototypes: [K,D], N(0,1). */
  readonly prototypes: ParameterSpec;
}

export type Part = 'encoder' | 'projector' | 'grouping' | 'predictor';

export type NetworkName = 'student' | 'teacher';

/** The published prefixes: `_q` student, `_k` teacher; the predictor has no teacher. */
export const PREFIX = {
  student: {
    encoder: 'encoder_q',
    projector: 'projector_q',
    grouping: 'grouping_q',
    predictor: 'predictor_slot',
  },
  teacher: { encoder: 'encoder_k', projector: 'projector_k', grouping: 'grouping_k' },
} as const;

export function createNetworks(config: Config): Networks {
  const encoder = createEncoder(config);
  const { hiddenDim, outDim, headInitStd } = config;
  return {
    encoder,
    projector: createHead(encoder.outChannels, hiddenDim, outDim, headInitStd, 'pointwise'),
    predictor: createHead(outDim, hiddenDim, outDim, headInitStd, 'linear'),
    prototypes: {
      name: 'slot_embed.weight',
      shape: [config.prototypes, outDim],
      layout: 'plain',
      init: { kind: 'normal', std: 1 },
    },
  };
}

export function parametersOf(networks: Networks, part: Part): readonly ParameterSpec[] {
  return part === 'grouping' ? [networks.prototypes] : networks[part].spec.parameters;
}

export function normsOf(networks: Networks, part: Part): readonly NormSpec[] {
  return part === 'grouping' ? [] : networks[part].spec.norms;
}

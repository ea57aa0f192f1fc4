import type { Tensor } from '../ops/tensor.ts';
import type { NetworkContext } from './network.ts';
import { normParameters, type NetworkSpec, type ParameterSpec } from './params.ts';

export interface Head {
  readonly spec: NetworkSpec;
  /** [rows,in] → [rows,out] */
  forward(context: NetworkContext, x: Tensor): Tensor;
}

/** Name of the bias of a head's last layer. */
export const LAST_BIAS = 'mlp.6.bias';

/**
 * Projector and predictor: linear → BN → GELU, twice, then linear. The projector's layers are 1×1 convolutions on disk.
 * Weights are truncated normal with the given std, cut at ±2 as in the reference (hardly ever), biases 0.
 */
export function createHead(
  cin: number,
  hidden: number,
  cout: number,
  std: number,
  layout: 'linear' | 'pointwise',
): Head {
  const linear = (name: string, from: number, to: number): ParameterSpec[] => [
    { name: `${name}.weight`, shape: [from, to], layout, init: { kind: 'normal', std, limit: 2 } },
    { name: `${name}.bias`, shape: [to], layout: 'plain', init: { kind: 'constant', value: 0 } },
  ];
  const parameters = [
    ...linear('mlp.0', cin, hidden),
    ...normParameters('mlp.1', hidden),
    ...linear('mlp.3', hidden, hidden),
    ...normParameters('mlp.4', hidden),
    ...linear('mlp.6', hidden, cout),
  ];
  const norms = ['mlp.1', 'mlp.4'].map((name) => ({ name, channels: hidden }));
  return {
    spec: { parameters, norms },
    forward: (context, x) => {
      const layer = (name: string, input: Tensor): Tensor =>
        input.matMul(context.parameter(`${name}.weight`)).add(context.parameter(`${name}.bias`));
      const first = context.norm('mlp.1', layer('mlp.0', x)).gelu();
      const second = context.norm('mlp.4', layer('mlp.3', first)).gelu();
      return layer('mlp.6', second);
    },
  };
}

/**
 * Parameters of networks by their published names (`layer1.0.conv1.weight`), and conversion between the layouts here (NHWC,
 * HWIO) and PyTorch's (NCHW, OIHW).
 */
export type Layout =
  /** [kh,kw,I,O] here, [O,I,kh,kw] on disk. */
  | 'conv'
  /** [I,O] here, [O,I] on disk: a linear layer. */
  | 'linear'
  /** [I,O] here, [O,I,1,1] on disk: a 1×1 convolution used as a linear layer. */
  | 'pointwise'
  /** The same in both layouts. */
  | 'plain';

export type Init =
  | { readonly kind: 'normal'; readonly std: number; /** Redrawn beyond ±limit. */ readonly limit?: number }
  | { readonly kind: 'constant'; readonly value: number };

export interface ParameterSpec {
  readonly name: string;
  readonly shape: readonly number[];
  readonly layout: Layout;
  readonly init: Init;
}

/** A BatchNorm by its name (`layer1.0.bn1`): weight and bias are parameters, the running statistics are buffers. */
export interface NormSpec {
  readonly name: string;
  readonly channels: number;
}

export interface NetworkSpec {
  readonly parameters: readonly ParameterSpec[];
  readonly norms: readonly NormSpec[];
}

/** Weight and bias of a BatchNorm. */
export function normParameters(name: string, channels: number, weight = 1): ParameterSpec[] {
  return [
    { name: `${name}.weight`, shape: [channels], layout: 'plain', init: { kind: 'constant', value: weight } },
    { name: `${name}.bias`, shape: [channels], layout: 'plain', init: { kind: 'constant', value: 0 } },
  ];
}

/** Shape in PyTorch's layout. LARS treats tensors that are 1-D there differently. */
export function torchShape(layout: Layout, shape: readonly number[]): number[] {
  switch (layout) {
    case 'conv':
      return [shape[3], shape[2], shape[0], shape[1]];
    case 'linear':
      return [shape[1], shape[0]];
    case 'pointwise':
      return [shape[1], shape[0], 1, 1];
    case 'plain':
      return [...shape];
  }
}

/** Converts values to PyTorch's layout. `shape` is the shape here. */
export function toTorch(layout: Layout, shape: readonly number[], data: Float32Array): Float32Array {
  return layout === 'plain' ? data.slice() : moveOutput(shape, data, true);
}

/** Converts values from PyTorch's layout. `shape` is the shape here. */
export function fromTorch(layout: Layout, shape: readonly number[], data: Float32Array): Float32Array {
  return layout === 'plain' ? data.slice() : moveOutput(shape, data, false);
}

/** [taps,I,O] ↔ [O,I,taps]: covers every layout, as linear layers have one tap. */
function moveOutput(shape: readonly number[], data: Float32Array, toTorch: boolean): Float32Array {
  const [cin, cout] = shape.slice(-2);
  const taps = data.length / (cin * cout);
  const moved = new Float32Array(data.length);
  for (let tap = 0; tap < taps; tap++) {
    for (let i = 0; i < cin; i++) {
      for (let o = 0; o < cout; o++) {
        const here = (tap * cin + i) * cout + o;
        const torch = (o * cin + i) * taps + tap;
        if (toTorch) moved[torch] = data[here];
        else moved[here] = data[torch];
      }
    }
  }
  return moved;
}

import type { NetworkContext } from '../../nn/network.ts';
import type { Handle, Ops } from '../../ops/ops.ts';
import { Tensor } from '../../ops/tensor.ts';
import { NORM_EPSILON } from '../../slotcon/batchNorm.ts';
import type { Checkpoint } from '../checkpoint.ts';
import type { Attribute, NodeProto } from './onnxProto.ts';
import { floatsOf, type Float32Tensor } from './teacher.ts';

/**
 * Records networks as ONNX nodes, by running their own forward passes on values that record the operations. Tensors are
 * NCHW, kernels OIHW, and rows of features are the cells of a map, so a linear layer is a 1×1 convolution.
 */
export interface OnnxValue extends Handle {
  readonly name: string;
  /** On-disk shape of stored tensors; empty for computed values, whose size is known only at run time. */
  readonly shape: readonly number[];
}

interface RecordedNetwork {
  forward(context: NetworkContext, x: Tensor): Tensor;
}

export interface OnnxGraph {
  readonly nodes: readonly NodeProto[];
  readonly initializers: ReadonlyMap<string, Float32Tensor>;
  /** The model's input. */
  input(name: string): OnnxValue;
  /** Runs a network on the tensors stored under `prefix`, BatchNorm by its running statistics. */
  run(prefix: string, network: RecordedNetwork, x: OnnxValue): OnnxValue;
  stored(name: string, shape?: readonly number[]): OnnxValue;
  readonly scalar: (name: string, value: number) => OnnxValue;
  readonly node: (
    type: string,
    inputs: readonly OnnxValue[],
    attributes?: Readonly<Record<string, Attribute>>,
  ) => OnnxValue;
  /** L2-normalizes over the channels, with the ε of torch.nn.functional.normalize. */
  l2Normalize(x: OnnxValue): OnnxValue;
  /** Names the value computed last as the model's output. */
  output(x: OnnxValue, name: string): void;
}

export function createOnnxGraph(tensors: Checkpoint['tensors']): OnnxGraph {
  const nodes: NodeProto[] = [];
  const initializers = new Map<string, Float32Tensor>();
  const add = (name: string, tensor: Float32Tensor): OnnxValue => {
    initializers.set(name, tensor);
    return { name, shape: tensor.shape };
  };
  const stored: OnnxGraph['stored'] = (name, shape) => {
    const tensor = floatsOf(tensors, name);
    return add(name, shape === undefined ? tensor : { ...tensor, shape });
  };
  const scalar: OnnxGraph['scalar'] = (name, value) =>
    add(name, { dtype: 'F32', shape: [], data: Float32Array.of(value) });
  const node: OnnxGraph['node'] = (type, inputs, attributes = {}) => {
    const output = `${type}_${nodes.length}`;
    nodes.push({ type, inputs: inputs.map(({ name }) => name), output, attributes });
    return { name: output, shape: [] };
  };
  const graph: OnnxGraph = {
    nodes,
    initializers,
    stored,
    scalar,
    node,
    input: (name) => ({ name, shape: [] }),
    run: (prefix, network, x) => {
      const ops = recordingOps(graph);
      return valueOf(network.forward(contextOf(graph, ops, tensors, prefix), new Tensor(ops, x)).handle);
    },
    l2Normalize: (x) => {
      const norm = node('ReduceL2', [x], { axes: [1], keepdims: 1 });
      return node('Div', [x, node('Max', [norm, scalar('l2_epsilon', 1e-12)])]);
    },
    output: (x, name) => {
      const last = nodes.pop();
      if (last?.output !== x.name) throw new Error(`"${x.name}" was not computed last`);
      nodes.push({ ...last, output: name });
    },
  };
  return graph;
}

function contextOf(graph: OnnxGraph, ops: Ops, tensors: Checkpoint['tensors'], prefix: string): NetworkContext {
  return {
    parameter: (name) => {
      const full = `${prefix}.${name}`;
      const { shape } = floatsOf(tensors, full);
      // A bias must broadcast over the cells of [N,C,h,w].
      return new Tensor(ops, graph.stored(full, shape.length === 1 ? [shape[0], 1, 1] : shape));
    },
    norm: (name, x) => {
      const parts = ['weight', 'bias', 'running_mean', 'running_var'].map((part) =>
        graph.stored(`${prefix}.${name}.${part}`),
      );
      const attributes = { epsilon: { float: NORM_EPSILON } };
      return new Tensor(ops, graph.node('BatchNormalization', [valueOf(x.handle), ...parts], attributes));
    },
  };
}

/** The operations that networks use; any other throws. */
function recordingOps({ node, scalar }: OnnxGraph): Ops {
  const conv = (x: Handle, kernel: Handle, stride: number, padding: number, dilation: number): OnnxValue =>
    node('Conv', [valueOf(x), valueOf(kernel)], {
      kernel_shape: kernel.shape.slice(2),
      strides: [stride, stride],
      pads: [padding, padding, padding, padding],
      dilations: [dilation, dilation],
    });
  const ops: Partial<Ops> = {
    add: (a, b) => node('Add', [valueOf(a), valueOf(b)]),
    relu: (x) => node('Relu', [valueOf(x)]),
    matMul: (x, weight) => conv(x, weight, 1, 0, 1),
    conv2d: (x, kernel, { stride, padding, dilation }) => conv(x, kernel, stride, padding, dilation),
    maxPool: (x) => node('MaxPool', [valueOf(x)], { kernel_shape: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1] }),
    // x/2 · (1 + erf(x/√2)); the operator Gelu requires opset 20.
    gelu: (x) => {
      const erf = node('Erf', [node('Div', [valueOf(x), scalar('sqrt2', Math.SQRT2)])]);
      const twice = node('Mul', [valueOf(x), node('Add', [erf, scalar('one', 1)])]);
      return node('Mul', [twice, scalar('half', 0.5)]);
    },
  };
  return new Proxy(ops as Ops, {
    get: (known, name): unknown => {
      if (!(name in known)) throw new Error(`the ONNX export has no operation "${String(name)}"`);
      return Reflect.get(known, name);
    },
  });
}

/** Casts a handle: every handle of this graph is one of its values. */
const valueOf = (x: Handle): OnnxValue => x as OnnxValue;

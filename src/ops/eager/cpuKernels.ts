import * as tf from '@tensorflow/tfjs';
import { sizeOf } from '../../lib/shape.ts';
import { convolution, filterGradient, inputGradient, maxPoolGradient } from './cpuConvolutions.ts';
import { createTensor, memoryOf, valuesOf, type Call } from './cpuTensors.ts';

type Loop = (a: Float32Array, b: Float32Array, y: Float32Array) => void;

const ARITHMETIC: Readonly<Record<string, Loop>> = {
  Add: (a, b, y) => {
    for (let i = 0; i < y.length; i++) y[i] = a[i] + b[i];
  },
  Sub: (a, b, y) => {
    for (let i = 0; i < y.length; i++) y[i] = a[i] - b[i];
  },
  Multiply: (a, b, y) => {
    for (let i = 0; i < y.length; i++) y[i] = a[i] * b[i];
  },
  RealDiv: (a, b, y) => {
    for (let i = 0; i < y.length; i++) y[i] = a[i] / b[i];
  },
  Maximum: (a, b, y) => {
    for (let i = 0; i < y.length; i++) y[i] = Math.max(a[i], b[i]);
  },
};

let replaced = false;

/**
 * Replaces the kernels of tfjs's CPU backend that take most of a training step, because they find each element by its
 * coordinates or keep sums in memory: convolutions and their gradients, that of max pooling, arithmetic, sums over axes
 * before the last.
 */
export function replaceSlowKernels(): void {
  if (replaced) return;
  replaced = true;
  replaceKernel('Conv2D', () => convolution);
  replaceKernel('Conv2DBackpropInput', () => inputGradient);
  replaceKernel('Conv2DBackpropFilter', () => filterGradient);
  replaceKernel('MaxPoolGrad', () => maxPoolGradient);
  replaceKernel('Sum', (kernel) => (call) => sum(kernel, call));
  for (const [name, loop] of Object.entries(ARITHMETIC))
    replaceKernel(name, (kernel) => (call) => arithmetic(kernel, loop, call));
}

function replaceKernel(kernelName: string, change: (kernel: tf.KernelFunc) => tf.KernelFunc): void {
  const config = tf.getKernel(kernelName, 'cpu');
  tf.unregisterKernel(kernelName, 'cpu');
  tf.registerKernel({ ...config, kernelFunc: change(config.kernelFunc) });
}

/** Sums over neighboring axes before the last: [before, reduced, after] → [before, after]. The others are fast in tfjs. */
function sum(kernel: tf.KernelFunc, call: Call): ReturnType<tf.KernelFunc> {
  const { x } = call.inputs as Record<'x', tf.TensorInfo>;
  const { axis, keepDims } = call.attrs as unknown as tf.SumAttrs;
  const axes = tf.util.parseAxisParam(axis, x.shape);
  const [first, last] = [Math.min(...axes), Math.max(...axes)];
  const isBlock = last - first === axes.length - 1 && last < x.shape.length - 1;
  if (x.dtype !== 'float32' || axes.length === 0 || !isBlock) return kernel(call);
  const [before, after] = [x.shape.slice(0, first), x.shape.slice(last + 1)];
  const [blocks, reduced, size] = [before, x.shape.slice(first, last + 1), after].map(sizeOf);
  const memory = memoryOf(call);
  const values = valuesOf(memory, x);
  const sums = new Float64Array(blocks * size);
  for (let row = 0; row < blocks * reduced; row++) {
    const to = Math.floor(row / reduced) * size;
    for (let i = 0; i < size; i++) sums[to + i] += values[row * size + i];
  }
  const shape = [...before, ...(keepDims ? axes.map(() => 1) : []), ...after];
  return createTensor(memory, Float32Array.from(sums), shape);
}

function arithmetic(kernel: tf.KernelFunc, loop: Loop, call: Call): ReturnType<tf.KernelFunc> {
  const { a, b } = call.inputs as Record<'a' | 'b', tf.TensorInfo>;
  if (a.dtype !== 'float32' || b.dtype !== 'float32') return kernel(call);
  const shape = tf.broadcast_util.assertAndGetBroadcastShape(a.shape, b.shape);
  const memory = memoryOf(call);
  const y = new Float32Array(sizeOf(shape));
  loop(repeated(a, shape, memory), repeated(b, shape, memory), y);
  return createTensor(memory, y, shape);
}

/** The values of an operand in the shape of the result: axes of length 1 are repeated. */
function repeated(operand: tf.TensorInfo, shape: readonly number[], memory: tf.KernelBackend): Float32Array {
  const missing = shape.length - operand.shape.length;
  const lengthOf = (axis: number): number => (axis < missing ? 1 : operand.shape[axis - missing]);
  let values = valuesOf(memory, operand);
  let block = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    if (lengthOf(axis) < shape[axis]) values = repeatBlocks(values, block, shape[axis]);
    block *= shape[axis];
  }
  return values;
}

/** Each block of the values, `times` times in a row. */
function repeatBlocks(values: Float32Array, block: number, times: number): Float32Array {
  const result = new Float32Array(values.length * times);
  for (let at = 0; at < result.length; at += block) {
    const from = Math.floor(at / block / times) * block;
    for (let i = 0; i < block; i++) result[at + i] = values[from + i];
  }
  return result;
}

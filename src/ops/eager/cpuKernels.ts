import * as tf from '@tensorflow/tfjs';

type Call = Parameters<tf.KernelFunc>[0];

const FILTER_GRADIENT = 'Conv2DBackpropFilter';
const BINARY = ['Add', 'Sub', 'Multiply', 'RealDiv', 'Maximum'];

let replaced = false;

/**
 * Replaces the kernels of tfjs's CPU backend that take most of a training step, because they find each element by a call
 * with its coordinates: gradients of convolutions' filters, and arithmetic on operands of unequal shapes. Results are the
 * same to the bit.
 */
export function replaceSlowKernels(): void {
  if (replaced) return;
  replaced = true;
  replaceKernel(FILTER_GRADIENT, () => filterGradient);
  for (const name of BINARY) replaceKernel(name, (kernel) => (call) => onEqualShapes(kernel, call));
}

function replaceKernel(kernelName: string, change: (kernel: tf.KernelFunc) => tf.KernelFunc): void {
  const config = tf.getKernel(kernelName, 'cpu');
  tf.unregisterKernel(kernelName, 'cpu');
  tf.registerKernel({ ...config, kernelFunc: change(config.kernelFunc) });
}

/** x [N, H, W, I] and dy [N, h, w, O] → [kh, kw, I, O]. */
function filterGradient({ inputs, backend, attrs }: Call): tf.TensorInfo {
  const { x, dy } = inputs as Record<'x' | 'dy', tf.TensorInfo>;
  const { strides, pad, dimRoundingMode, filterShape: shape } = attrs as unknown as tf.Conv2DBackpropFilterAttrs;
  const size = x.shape as [number, number, number, number];
  const info = tf.backend_util.computeConv2DInfo(size, shape, strides, 1, pad, dimRoundingMode);
  const memory = backend as tf.KernelBackend;
  const [xs, dys] = [x, dy].map(({ dataId }) => memory.readSync(dataId) as Float32Array);
  return { dataId: memory.write(sumProducts(info, xs, dys), shape, 'float32'), shape, dtype: 'float32' };
}

function sumProducts(info: tf.backend_util.Conv2DInfo, x: Float32Array, dy: Float32Array): Float32Array {
  const { inHeight, inWidth, inChannels, outHeight, outWidth, outChannels, filterHeight, filterWidth, padInfo } = info;
  const sums = new Float64Array(filterHeight * filterWidth * inChannels * outChannels);
  for (let line = 0; line < info.batchSize * outHeight; line++) {
    const [image, outRow] = [Math.floor(line / outHeight), line % outHeight];
    for (let tap = 0; tap < filterHeight * filterWidth; tap++) {
      const row = outRow * info.strideHeight - padInfo.top + Math.floor(tap / filterWidth);
      if (row < 0 || row >= inHeight) continue;
      for (let outColumn = 0; outColumn < outWidth; outColumn++) {
        const column = outColumn * info.strideWidth - padInfo.left + (tap % filterWidth);
        if (column < 0 || column >= inWidth) continue;
        const xAt = ((image * inHeight + row) * inWidth + column) * inChannels;
        const dyAt = (line * outWidth + outColumn) * outChannels;
        for (let i = 0; i < inChannels; i++) {
          const [value, sumAt] = [x[xAt + i], (tap * inChannels + i) * outChannels];
          for (let o = 0; o < outChannels; o++) sums[sumAt + o] += value * dy[dyAt + o];
        }
      }
    }
  }
  return Float32Array.from(sums);
}

/** Calls a kernel of two operands on both in the shape of the result. */
function onEqualShapes(kernel: tf.KernelFunc, call: Call): ReturnType<tf.KernelFunc> {
  const { a, b } = call.inputs as Record<'a' | 'b', tf.TensorInfo>;
  const shape = tf.broadcast_util.assertAndGetBroadcastShape(a.shape, b.shape);
  const memory = call.backend as tf.KernelBackend;
  const [wholeA, wholeB] = [a, b].map((operand) => repeated(operand, shape, memory));
  const result = kernel({ ...call, inputs: { a: wholeA, b: wholeB } });
  if (wholeA !== a) memory.disposeData(wholeA.dataId);
  if (wholeB !== b) memory.disposeData(wholeB.dataId);
  return result;
}

/** The operand itself where no axis of length 1 has to be repeated; tfjs is fast then. */
function repeated(operand: tf.TensorInfo, shape: readonly number[], memory: tf.KernelBackend): tf.TensorInfo {
  const missing = shape.length - operand.shape.length;
  const isRepeated = (axis: number): boolean => axis >= missing && operand.shape[axis - missing] < shape[axis];
  if (operand.dtype !== 'float32' || !shape.some((_, axis) => isRepeated(axis))) return operand;
  let values = memory.readSync(operand.dataId) as Float32Array;
  let block = 1;
  for (let axis = shape.length - 1; axis >= missing; axis--) {
    if (isRepeated(axis)) values = repeatBlocks(values, block, shape[axis]);
    block *= shape[axis];
  }
  const whole = shape.slice(missing);
  return { dataId: memory.write(values, whole, 'float32'), shape: whole, dtype: 'float32' };
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

import * as tf from '@tensorflow/tfjs';
import { sizeOf } from '../../lib/shape.ts';
import type { BatchStatistics, ConvOptions, Handle, Ops } from '../ops.ts';

const isTensor = (x: Handle): x is Handle & tf.Tensor => x instanceof tf.Tensor;

/** Casts a handle of this engine to the tfjs tensor that it is. */
export function raw(x: Handle): tf.Tensor {
  if (!isTensor(x)) throw new Error('a handle of another engine');
  return x;
}

const SQRT1_2 = Math.SQRT1_2;
const INV_SQRT_2PI = 1 / Math.sqrt(2 * Math.PI);

/** Operations on any tfjs backend, with its own gradients except where they are missing, wrong or wasteful. */
export const eagerOps: Ops = {
  reshape: (x, shape) => tf.reshape(raw(x), [...shape]),
  concat: (parts) => tf.concat(parts.map(raw), 0),
  slice: (x, start, count) => tf.slice(raw(x), start, count),

  add: (a, b) => tf.add(raw(a), raw(b)),
  sub: (a, b) => tf.sub(raw(a), raw(b)),
  mul: (a, b) => tf.mul(raw(a), raw(b)),
  div: (a, b) => tf.div(raw(a), raw(b)),
  mulScalar: (x, factor) => tf.mul(raw(x), factor),
  addScalar: (x, term) => tf.add(raw(x), term),
  clipMin: (x, min) => tf.maximum(raw(x), min),
  where: (condition, x, otherwise) => {
    const shape = [...x.shape];
    const chosen = detached(() => tf.greater(tf.broadcastTo(raw(condition), shape), 0));
    return tf.where(chosen, raw(x), tf.fill(shape, otherwise));
  },
  sqrt: (x) => tf.sqrt(raw(x)),
  log: (x) => tf.log(raw(x)),
  relu: (x) => tf.relu(raw(x)),
  gelu,
  greater: (x, threshold) => detached(() => tf.cast(tf.greater(raw(x), threshold), 'float32')),

  sum: (x, axes, keepDims = false) => tf.sum(raw(x), [...axes], keepDims),
  max: (x, axis) => detached(() => tf.max(raw(x), axis)),
  softmax: (x) => tf.softmax(raw(x)),
  logSumExp,
  l2Normalize,
  oneHotArgMax: (x) => detached(() => tf.oneHot(tf.argMax<tf.Tensor1D>(raw(x), -1), lastOf(x.shape), 1, 0, 'float32')),

  matMul: (a, b, transpose = {}) => tf.matMul(raw(a), raw(b), transpose.a ?? false, transpose.b ?? false),
  conv2d,
  maxPool: (x) => tf.maxPool(raw(x) as tf.Tensor4D, 3, 2, 1),
  batchNorm,
  detach: (x) => detached(() => tf.clone(raw(x))),
};

const lastOf = (shape: readonly number[]): number => shape[shape.length - 1];

/** Runs `body` without gradient: its result counts as constant. */
function detached(body: () => tf.Tensor): tf.Tensor {
  return tf.customGrad(() => ({ value: body(), gradFunc: () => [] }))();
}

function gelu(x: Handle): Handle {
  const op = tf.customGrad((input, save) => {
    const z = input as tf.Tensor;
    const phi = tf.mul(tf.add(tf.erf(tf.mul(z, SQRT1_2)), 1), 0.5);
    (save as tf.GradSaveFunc)([z, phi]);
    return {
      value: tf.mul(z, phi),
      gradFunc: (dy: tf.Tensor, [savedZ, savedPhi]: tf.Tensor[]) => {
        const density = tf.mul(tf.exp(tf.mul(tf.square(savedZ), -0.5)), INV_SQRT_2PI);
        return tf.mul(dy, tf.add(savedPhi, tf.mul(savedZ, density)));
      },
    };
  });
  return op(raw(x));
}

function logSumExp(x: Handle): Handle {
  const op = tf.customGrad((input, save) => {
    const z = input as tf.Tensor;
    const value = tf.logSumExp(z, -1, true);
    (save as tf.GradSaveFunc)([z, value]);
    return {
      value,
      gradFunc: (dy: tf.Tensor, [savedZ, all]: tf.Tensor[]) => tf.mul(dy, tf.exp(tf.sub(savedZ, all))),
    };
  });
  return op(raw(x));
}

function l2Normalize(x: Handle): Handle {
  const op = tf.customGrad((input, save) => {
    const z = input as tf.Tensor;
    // 1e-12 as torch.nn.functional.normalize
    const norm = tf.maximum(tf.sqrt(tf.sum(tf.square(z), -1, true)), 1e-12);
    const y = tf.div(z, norm);
    (save as tf.GradSaveFunc)([y, norm]);
    return {
      value: y,
      gradFunc: (dy: tf.Tensor, [savedY, savedNorm]: tf.Tensor[]) =>
        tf.div(tf.sub(dy, tf.mul(savedY, tf.sum(tf.mul(savedY, dy), -1, true))), savedNorm),
    };
  });
  return op(raw(x));
}

function conv2d(x: Handle, kernel: Handle, { stride, padding, dilation }: ConvOptions): Handle {
  const [height, width, cin, cout] = kernel.shape;
  if (height === 1 && width === 1 && stride === 1) {
    // A 1×1 convolution is a product of matrices; its gradients are, too.
    const [n, h, w] = x.shape;
    const flat = tf.matMul(tf.reshape(raw(x), [n * h * w, cin]), tf.reshape(raw(kernel), [cin, cout]));
    return tf.reshape(flat, [n, h, w, cout]);
  }
  if (dilation === 1) return tf.conv2d(raw(x) as tf.Tensor4D, raw(kernel) as tf.Tensor4D, stride, padding);
  // tfjs has no gradient for dilated convolutions: a dilated kernel is a larger one with holes.
  const dilated = dilateKernel(raw(kernel) as tf.Tensor4D, dilation);
  return tf.conv2d(raw(x) as tf.Tensor4D, dilated, stride, padding);
}

/**
 * Puts dilation−1 zeros between the taps of a kernel: [k,k,I,O] → [s,s,I,O] with s = dilation·(k−1)+1, as a product
 * with a matrix of zeros and ones, since tfjs pads no tensors of five dimensions on WebGPU.
 */
function dilateKernel(kernel: tf.Tensor4D, dilation: number): tf.Tensor4D {
  const [height, width, cin, cout] = kernel.shape;
  const [tall, wide] = [dilation * (height - 1) + 1, dilation * (width - 1) + 1];
  const spread = new Float32Array(tall * wide * height * width);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) spread[(y * dilation * wide + x * dilation) * height * width + y * width + x] = 1;
  }
  const matrix = tf.tensor2d(spread, [tall * wide, height * width]);
  return tf.reshape(tf.matMul(matrix, tf.reshape(kernel, [height * width, cin * cout])), [tall, wide, cin, cout]);
}

/**
 * One custom gradient instead of tfjs's tape: a third of the dispatches. G groups · R rows each · C channels.
 * Source of the formulas: Ioffe & Szegedy 2015, with sums over the kept rows.
 */
function batchNorm(
  x: Handle,
  weight: Handle,
  bias: Handle,
  { groups, epsilon, mask }: { readonly groups: number; readonly epsilon: number; readonly mask?: Handle },
): BatchStatistics {
  const channels = lastOf(x.shape);
  const rows = sizeOf(x.shape) / channels / groups;
  const keep = mask === undefined ? undefined : tf.reshape(raw(mask), [groups, rows, 1]);
  const kept = keep === undefined ? tf.fill([groups, 1, 1], rows) : tf.sum(keep, 1, true);
  const count = tf.maximum(kept, 1);
  const average = (values: tf.Tensor): tf.Tensor =>
    tf.div(tf.sum(keep === undefined ? values : tf.mul(values, keep), 1, true), count);

  const flat = tf.reshape(raw(x), [groups, rows, channels]);
  const { mean, variance } = tf.tidy(() => {
    const still = detached(() => tf.clone(flat));
    const center = average(still);
    return { mean: center, variance: average(tf.square(tf.sub(still, center))) };
  });
  const op = tf.customGrad((...inputs) => {
    const [z, gamma, beta] = inputs as tf.Tensor[];
    const save = inputs[3] as tf.GradSaveFunc;
    const inverse = tf.rsqrt(tf.add(variance, epsilon));
    const normal = tf.mul(tf.sub(z, mean), inverse);
    save([normal, inverse, gamma]);
    return {
      value: tf.add(tf.mul(normal, gamma), beta),
      gradFunc: (dy: tf.Tensor, [xhat, inv, scale]: tf.Tensor[]) => {
        const sumDy = tf.sum(dy, 1, true);
        const sumDyXhat = tf.sum(tf.mul(dy, xhat), 1, true);
        // Rows outside the mask don't feed the statistics, so they get no part of their gradient.
        const through = tf.div(tf.add(sumDy, tf.mul(xhat, sumDyXhat)), count);
        const dz = tf.mul(tf.mul(tf.sub(dy, keep === undefined ? through : tf.mul(through, keep)), inv), scale);
        return [dz, tf.sum(sumDyXhat, [0, 1]), tf.sum(sumDy, [0, 1])];
      },
    };
  });
  const y = op(flat, raw(weight), raw(bias));
  return {
    y: tf.reshape(y, [...x.shape]),
    mean: tf.reshape(mean, [groups, channels]),
    variance: tf.reshape(variance, [groups, channels]),
    rows: tf.reshape(kept, [groups, 1]),
  };
}

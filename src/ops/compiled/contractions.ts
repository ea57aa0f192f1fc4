import {
  convFilterKernel,
  convForwardKernel,
  convInputKernel,
  convOutputSize,
  type ConvGeometry,
} from '../../gpu/kernels/convolution.ts';
import { matMulKernel } from '../../gpu/kernels/gemm.ts';
import { maxPoolInputKernel, maxPoolKernel } from '../../gpu/kernels/maxPool.ts';
import { sizeOf } from '../../lib/shape.ts';
import type { ConvOptions } from '../ops.ts';
import { stridedAccess } from './access.ts';
import { follow, type TraceContext, type Value } from './graph.ts';
import { sum } from './reductions.ts';
import { reshape } from './views.ts';

/** Vector loads need operands at multiples of 4 floats; memory begins there, views may not. */
const areAligned = (...values: Value[]): boolean => values.every((value) => follow(value).start % 4 === 0);

/** Permutes axes in memory: contractions read their right side row by row. */
function permute({ trace }: TraceContext, x: Value, order: readonly number[]): Value {
  const strides = x.shape.map((_, axis) => sizeOf(x.shape.slice(axis + 1)));
  const shape = order.map((axis) => x.shape[axis]);
  const access = stridedAccess(
    shape,
    order.map((axis) => strides[axis]),
  );
  // Apart from left sides, as weights are: products share a text where their operands lie alike.
  return trace.map(shape, [{ value: x, access }], ([only]) => only, { apart: true });
}

/**
 * Number of parts of a deep sum with few outputs, which would leave the adapter idle; the parts are added afterwards.
 */
function splitsFor({ choices }: TraceContext, rows: number, columns: number, depth: number): number {
  const tiles = Math.ceil(rows / 64) * Math.ceil(columns / 64);
  return Math.max(1, Math.min(Math.floor(choices.parallelism / tiles), Math.floor(depth / 256), 64));
}

/** Last two axes; [.., m,k]·[.., k,n], either side transposed in memory. */
export function matMul(context: TraceContext, a: Value, b: Value, ta: boolean, tb: boolean): Value {
  const { trace, choices } = context;
  const [rank, lead] = [a.shape.length, a.shape.slice(0, -2)];
  const [a1, a2] = a.shape.slice(-2);
  const [m, k] = ta ? [a2, a1] : [a1, a2];
  const [b1, b2] = b.shape.slice(-2);
  const [depth, n] = tb ? [b2, b1] : [b1, b2];
  const batch = sizeOf(lead);
  if (depth !== k || batch !== sizeOf(b.shape.slice(0, -2))) {
    throw new Error(`[${a.shape.join(', ')}] and [${b.shape.join(', ')}] can't be multiplied`);
  }
  const axes = a.shape.map((_, axis) => axis);
  const right = tb ? permute(context, b, [...axes.slice(0, -2), rank - 1, rank - 2]) : b;
  const splits = splitsFor(context, m * batch, n, k);
  const layout = {
    batch,
    m,
    n,
    k,
    splits,
    aBatchStride: m * k,
    aRowStride: ta ? 1 : k,
    aColumnStride: ta ? m : 1,
    bBatchStride: k * n,
    bRowStride: n,
    aligned: n % 4 === 0 && areAligned(a, right),
  };
  const backward = (gradient: Value): (Value | undefined)[] => [
    trace.isTracked(a)
      ? ta
        ? matMul(context, b, gradient, tb, true)
        : matMul(context, gradient, b, false, !tb)
      : undefined,
    trace.isTracked(b)
      ? tb
        ? matMul(context, gradient, a, true, ta)
        : matMul(context, a, gradient, !ta, false)
      : undefined,
  ];
  const kernel = matMulKernel(layout, ta ? choices.gemm.weightGradient : choices.gemm.product);
  const shape = [...lead, m, n];
  const parts = trace.call(kernel, [a, right], [[splits, ...shape]])[0];
  const product = reshape(trace, splits === 1 ? parts : sum(trace, parts, [0]), shape);
  return trace.isTracked(a) || trace.isTracked(b)
    ? trace.value(shape, { kind: 'view', of: product, start: 0 }, [a, b], backward)
    : product;
}

/** NHWC · HWIO. */
export function conv2d(context: TraceContext, x: Value, kernel: Value, options: ConvOptions): Value {
  const { trace, choices } = context;
  const [images, height, width, cin] = x.shape;
  const [kernelHeight, kernelWidth, depth, cout] = kernel.shape;
  if (depth !== cin) throw new Error(`a kernel for ${depth} channels got an input of ${cin}`);
  const geometry: ConvGeometry = { images, height, width, cin, cout, kernelHeight, kernelWidth, ...options };
  const [outHeight, outWidth] = convOutputSize(geometry);
  if (kernelHeight === 1 && kernelWidth === 1 && options.stride === 1 && options.padding === 0) {
    const flat = matMul(
      context,
      reshape(trace, x, [images * height * width, cin]),
      reshape(trace, kernel, [cin, cout]),
      false,
      false,
    );
    return reshape(trace, flat, [images, outHeight, outWidth, cout]);
  }
  const forward = convForwardKernel(geometry, cout % 4 === 0 && areAligned(x, kernel), choices.gemm.convolution);
  const backward = (gradient: Value): (Value | undefined)[] => [
    trace.isTracked(x) ? convInput(context, geometry, gradient, kernel) : undefined,
    convFilter(context, geometry, x, gradient),
  ];
  return trace.call(forward, [x, kernel], [[images, outHeight, outWidth, cout]], backward)[0];
}

function convInput(context: TraceContext, geometry: ConvGeometry, gradient: Value, kernel: Value): Value {
  const { images, height, width, cin } = geometry;
  const transposed = permute(context, kernel, [0, 1, 3, 2]);
  const call = convInputKernel(geometry, cin % 4 === 0 && areAligned(gradient), context.choices.gemm.convolution);
  return context.trace.call(call, [gradient, transposed], [[images, height, width, cin]])[0];
}

function convFilter(context: TraceContext, geometry: ConvGeometry, x: Value, gradient: Value): Value {
  const { cin, cout, kernelHeight, kernelWidth, images } = geometry;
  const [outHeight, outWidth] = convOutputSize(geometry);
  const rows = kernelHeight * kernelWidth * cin;
  const splits = splitsFor(context, rows, cout, images * outHeight * outWidth);
  const call = convFilterKernel(
    geometry,
    splits,
    cout % 4 === 0 && areAligned(x, gradient),
    context.choices.gemm.weightGradient,
  );
  const parts = context.trace.call(call, [x, gradient], [[splits, rows, cout]])[0];
  const total = splits === 1 ? parts : sum(context.trace, parts, [0]);
  return reshape(context.trace, total, [kernelHeight, kernelWidth, cin, cout]);
}

/** 3×3, stride 2, padding 1; the first of equal values wins. */
export function maxPool({ trace }: TraceContext, x: Value): Value {
  const [images, height, width, channels] = x.shape;
  const shape = [images, Math.ceil(height / 2), Math.ceil(width / 2), channels];
  const size = { images, height, width, channels };
  const aligned = channels % 4 === 0;
  const [y, winner]: Value[] = trace.call(
    maxPoolKernel(size, aligned && areAligned(x)),
    [x],
    [shape, shape],
    (gradient) => {
      const kernel = maxPoolInputKernel(size, aligned && areAligned(gradient));
      return [trace.call(kernel, [gradient, winner], [x.shape])[0]];
    },
  );
  return y;
}

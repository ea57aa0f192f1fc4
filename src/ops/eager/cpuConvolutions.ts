import * as tf from '@tensorflow/tfjs';
import { sizeOf } from '../../lib/shape.ts';
import { columnsOf, heightOf, product, widthOf } from './cpuProduct.ts';
import { createTensor, memoryOf, valuesOf, type Call } from './cpuTensors.ts';

type Info = tf.backend_util.Conv2DInfo;
type Shape = [number, number, number, number];
type Attributes = Pick<tf.Conv2DAttrs, 'strides' | 'pad' | 'dimRoundingMode'>;

// Convolutions as products of matrices of a panel of output positions at a time: `patches` [positions, taps·I] hold the
// pixels under the filter [taps·I, O]. Sums are in double precision.

/** Positions of a panel: their patches stay in the cache. */
const PANEL = 64;

/** x [N, H, W, I], filter [kh, kw, I, O] → [N, h, w, O]. */
export function convolution(call: Call): tf.TensorInfo {
  const { inputs, attrs } = call;
  const { x, filter } = inputs as Record<'x' | 'filter', tf.TensorInfo>;
  const info = infoOf(x.shape, filter.shape, attrs as unknown as Attributes);
  const [positions, patch, channels] = sizesOf(info);
  const memory = memoryOf(call);
  const xs = valuesOf(memory, x);
  const columns = columnsOf(valuesOf(memory, filter), [patch, channels], [channels, 1]);
  const y = new Float32Array(positions * channels);
  const patches = new Float64Array(PANEL * patch);
  for (let first = 0; first < positions; first += PANEL) {
    const count = Math.min(PANEL, positions - first);
    patches.fill(0);
    eachTap(info, first, count, (position, tap, pixel) => {
      for (let i = 0; i < info.inChannels; i++) patches[position * patch + tap + i] = xs[pixel + i];
    });
    const sums = product(patches, columns, [count, patch, channels]);
    copyRows(sums, count, y.subarray(first * channels), channels);
  }
  return createTensor(memory, y, info.outShape);
}

/** dy [N, h, w, O], filter [kh, kw, I, O] → [N, H, W, I]. */
export function inputGradient(call: Call): tf.TensorInfo {
  const { inputs, attrs } = call;
  const { dy, filter } = inputs as Record<'dy' | 'filter', tf.TensorInfo>;
  const { inputShape, ...convolved } = attrs as unknown as tf.Conv2DBackpropInputAttrs;
  const info = infoOf(inputShape, filter.shape, convolved);
  const [positions, patch, channels] = sizesOf(info);
  const memory = memoryOf(call);
  const dys = valuesOf(memory, dy);
  const columns = columnsOf(valuesOf(memory, filter), [channels, patch], [1, channels]);
  const width = widthOf(patch);
  const dx = new Float64Array(sizeOf(inputShape));
  const panel = new Float64Array(PANEL * channels);
  for (let first = 0; first < positions; first += PANEL) {
    const count = Math.min(PANEL, positions - first);
    panel.set(dys.subarray(first * channels, (first + count) * channels));
    const sums = product(panel, columns, [count, channels, patch]);
    eachTap(info, first, count, (position, tap, pixel) => {
      for (let i = 0; i < info.inChannels; i++) dx[pixel + i] += sums[position * width + tap + i];
    });
  }
  return createTensor(memory, Float32Array.from(dx), inputShape);
}

/** x [N, H, W, I], dy [N, h, w, O] → [kh, kw, I, O]. */
export function filterGradient(call: Call): tf.TensorInfo {
  const { inputs, attrs } = call;
  const { x, dy } = inputs as Record<'x' | 'dy', tf.TensorInfo>;
  const { filterShape, ...convolved } = attrs as unknown as tf.Conv2DBackpropFilterAttrs;
  const info = infoOf(x.shape, filterShape, convolved);
  const [positions, patch, channels] = sizesOf(info);
  const memory = memoryOf(call);
  const [xs, dys] = [valuesOf(memory, x), valuesOf(memory, dy)];
  const totals = new Float64Array(heightOf(patch) * widthOf(channels));
  const patches = new Float64Array(heightOf(patch) * PANEL);
  for (let first = 0; first < positions; first += PANEL) {
    const count = Math.min(PANEL, positions - first);
    patches.fill(0);
    eachTap(info, first, count, (position, tap, pixel) => {
      for (let i = 0; i < info.inChannels; i++) patches[(tap + i) * count + position] = xs[pixel + i];
    });
    const columns = columnsOf(dys.subarray(first * channels), [count, channels], [channels, 1]);
    const sums = product(patches, columns, [patch, count, channels]);
    for (let at = 0; at < sums.length; at++) totals[at] += sums[at];
  }
  const gradient = new Float32Array(patch * channels);
  copyRows(totals, patch, gradient, channels);
  return createTensor(memory, gradient, filterShape);
}

/** input [N, H, W, C], dy [N, h, w, C] → [N, H, W, C]: to the first maximum of each window. */
export function maxPoolGradient(call: Call): tf.TensorInfo {
  const { inputs, attrs } = call;
  const { input, dy } = inputs as Record<'input' | 'dy', tf.TensorInfo>;
  const { filterSize, strides, pad, dimRoundingMode } = attrs as unknown as tf.MaxPoolGradAttrs;
  const shape = input.shape as Shape;
  const info = tf.backend_util.computePool2DInfo(shape, filterSize, strides, 1, pad, dimRoundingMode);
  const memory = memoryOf(call);
  const [xs, dys] = [valuesOf(memory, input), valuesOf(memory, dy)];
  const channels = info.inChannels;
  const maxima = new Float32Array(dys.length).fill(-Infinity);
  const places = new Int32Array(dys.length);
  eachTap(info, 0, dys.length / channels, (position, _, pixel) => {
    for (let c = 0; c < channels; c++) {
      const at = position * channels + c;
      if (xs[pixel + c] <= maxima[at]) continue;
      maxima[at] = xs[pixel + c];
      places[at] = pixel + c;
    }
  });
  const dx = new Float64Array(xs.length);
  for (let at = 0; at < dys.length; at++) dx[places[at]] += dys[at];
  return createTensor(memory, Float32Array.from(dx), shape);
}

function infoOf(x: readonly number[], filter: readonly number[], { strides, pad, dimRoundingMode }: Attributes): Info {
  return tf.backend_util.computeConv2DInfo(x as Shape, filter as Shape, strides, 1, pad, dimRoundingMode);
}

/** Positions of the output, values of a patch, channels of the output. */
function sizesOf({ batchSize, outHeight, outWidth, filterHeight, filterWidth, inChannels, outChannels }: Info) {
  return [batchSize * outHeight * outWidth, filterHeight * filterWidth * inChannels, outChannels] as const;
}

/** Copies the sums of a product, without what fills up its rows. */
function copyRows(sums: Float64Array, rows: number, into: Float32Array, columns: number): void {
  const width = widthOf(columns);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) into[row * columns + column] = sums[row * width + column];
  }
}

/** Visits what lies under the filter at `count` positions: the place of a tap in its patch, and of its pixel in x. */
function eachTap(
  { inHeight, inWidth, inChannels, outHeight, outWidth, strideHeight, strideWidth, ...info }: Info,
  first: number,
  count: number,
  visit: (position: number, tap: number, pixel: number) => void,
): void {
  for (let position = 0; position < count; position++) {
    const line = Math.floor((first + position) / outWidth);
    const image = Math.floor(line / outHeight);
    const top = (line % outHeight) * strideHeight - info.padInfo.top;
    const left = ((first + position) % outWidth) * strideWidth - info.padInfo.left;
    for (let y = Math.max(0, -top); y < info.filterHeight && top + y < inHeight; y++) {
      for (let x = Math.max(0, -left); x < info.filterWidth && left + x < inWidth; x++) {
        const pixel = (image * inHeight + top + y) * inWidth + left + x;
        visit(position, (y * info.filterWidth + x) * inChannels, pixel * inChannels);
      }
    }
  }
}

import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import { CPU_ADAPTER } from '../../gpu/device.ts';
import { createRandom } from '../../lib/random.ts';
import { sizeOf } from '../../lib/shape.ts';
import { eachProduct, outputSize, type PlainConv } from '../check/plainLoops.ts';
import { openBackend } from './backend.ts';

beforeAll(() => openBackend(CPU_ADAPTER));

const random = createRandom('CPU kernels');
const normals = (shape: readonly number[]): Float32Array =>
  Float32Array.from({ length: sizeOf(shape) }, () => random.normal());

// Channels that fill no strip of a product, and more than one panel of positions.
it.each([1, 2])(
  'convolutions and their gradients are sums of products in double precision, stride %i',
  async (stride) => {
    const conv: PlainConv = { images: 5, height: 7, width: 6, cin: 3, cout: 5, kernel: 3, stride };
    const shapeX = [conv.images, conv.height, conv.width, conv.cin] as const;
    const shapeFilter = [conv.kernel, conv.kernel, conv.cin, conv.cout] as const;
    const shapeY = [conv.images, ...outputSize(conv), conv.cout] as const;
    const [x, filter, dy] = [normals(shapeX), normals(shapeFilter), normals(shapeY)];
    const [y, dx, dFilter] = [shapeY, shapeX, shapeFilter].map((shape) => new Float64Array(sizeOf(shape)));
    eachProduct(conv, (xAt, filterAt, yAt) => {
      y[yAt] += x[xAt] * filter[filterAt];
      dx[xAt] += dy[yAt] * filter[filterAt];
      dFilter[filterAt] += x[xAt] * dy[yAt];
    });
    const { value, grads } = tf.valueAndGrads((image, kernel) =>
      tf.sum(tf.mul(tf.conv2d(image as tf.Tensor4D, kernel as tf.Tensor4D, stride, 1), tf.tensor4d(dy, [...shapeY]))),
    )([tf.tensor4d(x, [...shapeX]), tf.tensor4d(filter, [...shapeFilter])]);
    const result = tf.conv2d(tf.tensor4d(x, [...shapeX]), tf.tensor4d(filter, [...shapeFilter]), stride, 1);
    const sums = [y, dx, dFilter].map((all) => Float32Array.from(all));
    expect(await Promise.all([result, ...grads].map((tensor) => tensor.data()))).toEqual(sums);
    tf.dispose([value, result, ...grads]);
  },
);

it('the gradient of a maximum goes to where it is, from every window', async () => {
  const windows: PlainConv = { images: 3, height: 7, width: 6, cin: 1, cout: 1, kernel: 3, stride: 2 };
  const [shape, shapeY] = [
    [windows.images, windows.height, windows.width, 1] as const,
    [windows.images, ...outputSize(windows), 1] as const,
  ];
  const [x, dy, dx] = [normals(shape), normals(shapeY), new Float64Array(sizeOf(shape))];
  const places = new Int32Array(dy.length).fill(-1);
  eachProduct(windows, (xAt, _, yAt) => {
    if (places[yAt] < 0 || x[xAt] > x[places[yAt]]) places[yAt] = xAt;
  });
  places.forEach((place, at) => (dx[place] += dy[at]));
  const gradient = tf.grad((image) =>
    tf.sum(tf.mul(tf.maxPool(image as tf.Tensor4D, 3, 2, 1), tf.tensor4d(dy, [...shapeY]))),
  );
  expect(await gradient(tf.tensor4d(x, [...shape])).data()).toEqual(Float32Array.from(dx));
});

it.each([
  [[0], false],
  [[0, 1], true],
  [[1, 2], false],
  [[2], true],
])('sums over axes %j, kept: %s', async (axes, keep) => {
  const shape = [2, 3, 4, 5];
  const values = normals(shape);
  const kept = shape.map((length, axis) => (axes.includes(axis) ? 1 : length));
  const sums = new Float64Array(sizeOf(kept));
  values.forEach((value, at) => {
    const place = kept.reduce((to, length, axis) => {
      const index = Math.floor(at / sizeOf(shape.slice(axis + 1))) % shape[axis];
      return to * length + (length === 1 ? 0 : index);
    }, 0);
    sums[place] += value;
  });
  const result = tf.sum(tf.tensor(values, shape), axes, keep);
  expect(result.shape).toEqual(keep ? kept : kept.filter((_, axis) => !axes.includes(axis)));
  expect(await result.data()).toEqual(Float32Array.from(sums));
});

it.each([
  [
    [2, 4, 3],
    [2, 1, 3],
  ],
  [
    [4, 1],
    [1, 5],
  ],
  [
    [1, 6],
    [2, 3, 1, 1],
  ],
  [[3, 1, 2], [2]],
])('arithmetic repeats axes of length 1: %j and %j', async (shapeA, shapeB) => {
  const [a, b] = [normals(shapeA), normals(shapeB)];
  const shape = tf.broadcast_util.assertAndGetBroadcastShape(shapeA, shapeB);
  /** The operand's value at each place of the result. */
  const spread = (values: Float32Array, own: readonly number[]): Float32Array =>
    Float32Array.from({ length: sizeOf(shape) }, (_, place) => {
      const index = shape.map((length, axis) => Math.floor(place / sizeOf(shape.slice(axis + 1))) % length);
      const ownIndex = index.slice(shape.length - own.length);
      return values[ownIndex.reduce((at, i, axis) => at * own[axis] + (own[axis] === 1 ? 0 : i), 0)];
    });
  const [spreadA, spreadB] = [spread(a, shapeA), spread(b, shapeB)];
  const before = tf.backend().numDataIds();
  const operands = [tf.tensor(a, shapeA), tf.tensor(b, shapeB)] as const;
  const [difference, maximum] = [tf.sub(...operands), tf.maximum(...operands)];
  expect(difference.shape).toEqual(shape);
  expect(await difference.data()).toEqual(spreadA.map((value, at) => value - spreadB[at]));
  expect(await maximum.data()).toEqual(spreadA.map((value, at) => Math.max(value, spreadB[at])));
  tf.dispose([...operands, difference, maximum]);
  expect(tf.backend().numDataIds()).toBe(before);
});

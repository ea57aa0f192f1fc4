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

it.each([1, 2])('the gradient of a filter is the sum of products in double precision, stride %i', async (stride) => {
  const conv: PlainConv = { images: 3, height: 7, width: 4, cin: 3, cout: 5, kernel: 3, stride };
  const shapeX = [conv.images, conv.height, conv.width, conv.cin] as const;
  const shapeFilter = [conv.kernel, conv.kernel, conv.cin, conv.cout] as const;
  const shapeDy = [conv.images, ...outputSize(conv), conv.cout] as const;
  const [x, dy, sums] = [normals(shapeX), normals(shapeDy), new Float64Array(sizeOf(shapeFilter))];
  eachProduct(conv, (xAt, filterAt, yAt) => (sums[filterAt] += x[xAt] * dy[yAt]));
  const gradient = tf.grad((filter) => {
    return tf.sum(
      tf.mul(tf.conv2d(tf.tensor4d(x, [...shapeX]), filter as tf.Tensor4D, stride, 1), tf.tensor4d(dy, [...shapeDy])),
    );
  });
  expect(await gradient(tf.zeros([...shapeFilter])).data()).toEqual(Float32Array.from(sums));
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

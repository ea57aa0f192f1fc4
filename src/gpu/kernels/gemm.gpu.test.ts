import { describe, expect, it } from 'vitest';
import { createRandom } from '../../lib/random.ts';
import { needsGpu } from '../../testing/gpu.ts';
import { gemmStrategies, runKernel } from '../../testing/runKernel.ts';
import { matMulKernel, type MatMulShape } from './gemm.ts';
import { REGISTER } from './gemmCode.ts';

const random = createRandom(7);
const noise = (length: number): Float32Array => Float32Array.from({ length }, () => random.normal());

/** a [batch, m, k] · b [batch, k, n] in plain loops. */
function multiply(shape: MatMulShape, a: Float32Array, b: Float32Array): Float64Array {
  const { batch, m, n, k } = shape;
  const out = new Float64Array(batch * m * n);
  for (let item = 0; item < batch; item++) {
    for (let i = 0; i < m; i++) {
      for (let j = 0; j < n; j++) {
        let sum = 0;
        for (let d = 0; d < k; d++) {
          const left = a[item * shape.aBatchStride + i * shape.aRowStride + d * shape.aColumnStride];
          sum += left * b[item * shape.bBatchStride + d * shape.bRowStride + j];
        }
        out[(item * m + i) * n + j] = sum;
      }
    }
  }
  return out;
}

/** Dense operands; `transposed` takes a from memory [batch, k, m]. */
function shapeOf(batch: number, m: number, n: number, k: number, splits: number, transposed: boolean): MatMulShape {
  return {
    batch,
    m,
    n,
    k,
    splits,
    aligned: n % 4 === 0,
    aBatchStride: m * k,
    aRowStride: transposed ? 1 : k,
    aColumnStride: transposed ? m : 1,
    bBatchStride: k * n,
    bRowStride: n,
  };
}

const SHAPES: [batch: number, m: number, n: number, k: number, splits: number, transposed: boolean][] = [
  [1, 1, 1, 1, 1, false],
  [1, 1, 12, 41, 2, true],
  [1, 67, 36, 29, 1, false],
  [3, 13, 7, 31, 1, false],
  [1, 40, 16, 33, 1, true],
  [2, 9, 68, 70, 3, false],
  [1, 5, 8, 17, 5, true],
  [1, 130, 5, 12, 2, true],
  [1, 129, 132, 64, 1, false],
  [1, 132, 68, 21, 1, true],
  [1, 132, 124, 65, 1, true],
];

describe.each(gemmStrategies())('matMul, strategy $kind', (strategy) => {
  needsGpu();

  it.each(SHAPES)('multiplies %i × [%i, %i] over %i in %i parts, a transposed: %s', async (...size) => {
    const shape = shapeOf(...size);
    const { batch, m, n, k, splits } = shape;
    const [a, b] = [noise(batch * m * k), noise(batch * k * n)];
    const [, , parts] = await runKernel(matMulKernel(shape, strategy), [
      a,
      b,
      new Float32Array(splits * batch * m * n),
    ]);
    const expected = multiply(shape, a, b);
    const scale = Math.sqrt(k);
    expected.forEach((value, index) => {
      let sum = 0;
      for (let split = 0; split < splits; split++) sum += parts[split * batch * m * n + index];
      expect(Math.abs(sum - value) / scale).toBeLessThan(1e-5);
    });
  });

  it('takes b and a from wider rows, and operands from two buffers', async () => {
    const shape = {
      ...shapeOf(2, 6, 12, 9, 1, false),
      aRowStride: 11,
      aBatchStride: 70,
      bRowStride: 20,
      bBatchStride: 200,
    };
    const [a, b] = [noise(140), noise(400)];
    const [, , out] = await runKernel(matMulKernel(shape, strategy), [a, b, new Float32Array(2 * 6 * 12)], [4, 4, 2]);
    multiply(shape, a, b).forEach((value, index) => expect(out[index]).toBeCloseTo(value, 4));
  });

  it('repeats bit for bit', async () => {
    const shape = shapeOf(1, 50, 20, 40, 2, false);
    const operands = [noise(2000), noise(800), new Float32Array(2000)];
    const kernel = matMulKernel(shape, strategy);
    expect((await runKernel(kernel, operands))[2]).toEqual((await runKernel(kernel, operands))[2]);
  });
});

it('fits any number of rows into the workgroups that adapters grant', () => {
  const shape = shapeOf(1, 5_000_000, 64, 3, 1, false);
  const [x, y, z] = matMulKernel(shape, REGISTER).workgroups;
  expect(Math.max(x, y, z)).toBeLessThan(65536);
  expect(x * y * 8 * 32).toBeGreaterThanOrEqual(shape.m * shape.n);
});

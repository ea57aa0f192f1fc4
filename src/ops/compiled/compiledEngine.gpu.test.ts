import { describe, expect, it } from 'vitest';
import { createRandom } from '../../lib/random.ts';
import { sizeOf } from '../../lib/shape.ts';
import { testEnginePair } from '../../testing/testEngine.ts';
import type { EngineCore, Handle, Ops } from '../ops.ts';

const { compiled, oracle } = testEnginePair();

const random = createRandom('compiled engine');
const normals = (purpose: string, count: number): Float32Array => {
  const stream = random.fork(purpose);
  return Float32Array.from({ length: count }, () => stream.normal());
};

type Body = (ops: Ops, values: readonly Handle[], engine: EngineCore) => Handle;

/** y, ∂(Σ y·w)/∂x for each x, with random x and w. */
async function evaluate(
  engine: EngineCore,
  shapes: readonly (readonly number[])[],
  body: Body,
): Promise<Float32Array[]> {
  const variables = shapes.map((shape, index) =>
    engine.variable(`x${index}`, shape, normals(`x${index}/${shape.join()}`, sizeOf(shape))),
  );
  const before = engine.tensorCount();
  const program = await engine.program({}, () => {
    const { ops } = engine;
    const { kept, gradients } = engine.gradients(() => {
      const y = body(
        ops,
        variables.map((variable) => variable.value),
        engine,
      );
      const w = engine.constant(normals(`w/${y.shape.join()}`, sizeOf(y.shape)), y.shape);
      const axes = y.shape.map((_, axis) => axis);
      return { loss: ops.sum(ops.mul(y, w), axes), kept: [y], watched: [] };
    }, variables);
    const named = gradients.map((gradient, index): [string, Handle] => [`d${index}`, gradient]);
    return { y: kept[0], ...Object.fromEntries(named) };
  });
  const first = await program.run({});
  const again = await program.run({});
  expect(again, 'the same at every run').toEqual(first);
  program.dispose();
  expect(engine.tensorCount(), 'left behind').toBe(before);
  for (const variable of variables) engine.discard(variable);
  return Object.values(first).map((values) => values.slice());
}

async function expectEqual(shapes: readonly (readonly number[])[], body: Body, tolerance = 1e-5): Promise<void> {
  const ours = await evaluate(compiled().core, shapes, body);
  const theirs = await evaluate(oracle().core, shapes, body);
  theirs.forEach((expected, index) => {
    const scale = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-6);
    const off = expected.reduce((most, value, at) => Math.max(most, Math.abs(value - ours[index][at])), 0);
    expect(ours[index].length).toBe(expected.length);
    expect(off / scale, index === 0 ? 'y' : `gradient ${index - 1}`).toBeLessThan(tolerance);
  });
}

describe('operations, forward and backward, against the eager engine on the CPU', () => {
  const cases: readonly (readonly [string, readonly (readonly number[])[], Body])[] = [
    [
      'add, equal',
      [
        [3, 4],
        [3, 4],
      ],
      (o, [a, b]) => o.add(a, b),
    ],
    ['add, last axis', [[5, 3], [3]], (o, [a, b]) => o.add(a, b)],
    [
      'add, first axis',
      [
        [2, 3, 4],
        [2, 1, 1],
      ],
      (o, [a, b]) => o.add(a, b),
    ],
    [
      'mul, middle axis',
      [
        [2, 5, 4],
        [5, 1],
      ],
      (o, [a, b]) => o.mul(a, b),
    ],
    [
      'mul, both sides',
      [
        [4, 1],
        [1, 6],
      ],
      (o, [a, b]) => o.mul(a, b),
    ],
    ['mul, number', [[7], []], (o, [a, b]) => o.mul(a, b)],
    [
      'sub and div',
      [
        [2, 3],
        [2, 3],
      ],
      (o, [a, b]) => o.div(o.sub(a, b), o.addScalar(o.mul(b, b), 1)),
    ],
    ['clipMin', [[9]], (o, [a]) => o.clipMin(a, 0.25)],
    ['where', [[4], [3, 4]], (o, [c, a]) => o.where(c, o.mul(a, a), 0.5)],
    [
      'mulScalar, addScalar, sqrt, log',
      [[2, 8]],
      (o, [a]) => o.log(o.sqrt(o.addScalar(o.mulScalar(o.mul(a, a), 2), 0.5))),
    ],
    ['relu', [[3, 5]], (o, [a]) => o.relu(a)],
    ['gelu', [[4, 16]], (o, [a]) => o.gelu(a)],
    ['greater', [[10]], (o, [a]) => o.mul(o.greater(a, 0.25), a)],
    ['sum, last', [[3, 40]], (o, [a]) => o.sum(a, [1])],
    ['sum, first, kept', [[70, 8]], (o, [a]) => o.sum(a, [0], true)],
    ['sum, middle', [[2, 33, 3]], (o, [a]) => o.sum(a, [1])],
    ['sum, all', [[37, 41]], (o, [a]) => o.sum(o.mul(a, a), [0, 1])],
    ['max', [[2, 7, 4]], (o, [a]) => o.mul(o.max(a, 1), o.sum(a, [1]))],
    ['softmax', [[3, 5, 16]], (o, [a]) => o.softmax(a)],
    ['softmax of long rows', [[6, 130]], (o, [a]) => o.softmax(o.mulScalar(a, 3))],
    ['logSumExp', [[7, 9]], (o, [a]) => o.sub(a, o.logSumExp(a))],
    ['logSumExp of long rows', [[6, 130]], (o, [a]) => o.logSumExp(o.mulScalar(a, 3))],
    ['l2Normalize', [[6, 64]], (o, [a]) => o.l2Normalize(a)],
    ['l2Normalize, odd', [[2, 3, 5]], (o, [a]) => o.l2Normalize(a)],
    ['oneHotArgMax', [[5, 6]], (o, [a]) => o.mul(o.oneHotArgMax(a), a)],
    [
      'concat, slice, reshape',
      [
        [2, 3],
        [4, 3],
      ],
      (o, [a, b]) => o.slice(o.reshape(o.concat([a, b, a]), [12, 2]), 3, 8),
    ],
    ['concat of numbers', [[1], [1]], (o, [a, b]) => o.concat([o.mul(a, b), b, a])],
    ['detach', [[6]], (o, [a]) => o.mul(o.detach(o.mul(a, a)), a)],
    [
      'matMul',
      [
        [5, 7],
        [7, 3],
      ],
      (o, [a, b]) => o.matMul(a, b),
    ],
    [
      'matMul, a transposed',
      [
        [7, 5],
        [7, 4],
      ],
      (o, [a, b]) => o.matMul(a, b, { a: true }),
    ],
    [
      'matMul, b transposed',
      [
        [5, 8],
        [6, 8],
      ],
      (o, [a, b]) => o.matMul(a, b, { b: true }),
    ],
    [
      'matMul, both transposed',
      [
        [8, 5],
        [4, 8],
      ],
      (o, [a, b]) => o.matMul(a, b, { a: true, b: true }),
    ],
    [
      'matMul, batched',
      [
        [3, 9, 4],
        [3, 4, 8],
      ],
      (o, [a, b]) => o.matMul(a, b),
    ],
    [
      'matMul, deep',
      [
        [4, 600],
        [600, 8],
      ],
      (o, [a, b]) => o.matMul(a, b),
    ],
    ['maxPool', [[2, 7, 5, 4]], (o, [a]) => o.maxPool(a)],
    [
      'maxPool behind an odd neighbor',
      [
        [2, 4, 4, 4],
        [3, 1],
      ],
      (o, [a, b]) => o.concat([b, o.reshape(o.maxPool(a), [32, 1])]),
    ],
    ['maxPool, odd channels', [[1, 4, 6, 3]], (o, [a]) => o.maxPool(a)],
    [
      'parts of a cheap map, and one that is broadcast',
      [[12, 8], [8], [3, 8]],
      (o, [x, bias, y]) => {
        const shifted = o.add(x, bias);
        const [first, second] = [o.slice(shifted, 0, 3), o.slice(shifted, 5, 3)];
        return o.mul(o.mul(first, second), o.add(o.sum(y, [1], true), o.mulScalar(bias, 2)));
      },
    ],
    ['maps and sums by fours', [[4, 256, 128], [128]], (o, [a, b]) => o.gelu(o.add(o.mul(a, b), o.sum(a, [1], true)))],
    [
      'sums by fours, with a factor of rows that is computed',
      [
        [2, 70, 8],
        [2, 70, 1],
        [2, 70, 1],
      ],
      (o, [a, b, c]) => o.sum(o.mul(a, o.mul(b, c)), [1]),
    ],
    [
      'softmax of many rows',
      [
        [2048, 16],
        [2048, 1],
      ],
      (o, [a, b]) => o.softmax(o.mul(a, b)),
    ],
    [
      'large batchNorm with ReLU and a shortcut',
      [[4, 66, 32, 16], [16], [16]],
      (o, [x, w, b]) => o.relu(o.add(o.batchNorm(x, w, b, { groups: 2, epsilon: 1e-5 }).y, x)),
    ],
    ['batchNorm', [[4, 5, 5, 8], [8], [8]], (o, [x, w, b]) => o.batchNorm(x, w, b, { groups: 2, epsilon: 1e-5 }).y],
    [
      'batchNorm with ReLU and a shortcut',
      [[6, 4, 4, 5], [5], [5]],
      (o, [x, w, b]) => o.relu(o.add(o.batchNorm(x, w, b, { groups: 2, epsilon: 1e-5 }).y, x)),
    ],
    [
      'batchNorm of kept rows, then GELU',
      [[12, 8], [8], [8]],
      (o, [x, w, b], engine) => {
        const mask = engine.constant(Float32Array.of(1, 0, 1, 1, 0, 1, 0, 1, 1, 1, 0, 0), [12]);
        const y = o.gelu(o.batchNorm(x, w, b, { groups: 2, epsilon: 1e-5, mask }).y);
        return o.mul(y, o.reshape(mask, [12, 1]));
      },
    ],
  ];
  it.each(cases)('%s', async (_, shapes, body) => expectEqual(shapes, body));

  it('statistics of BatchNorm', () =>
    expectEqual([[6, 9, 4]], (o, [x], engine) => {
      const [weight, bias] = [
        engine.constant(new Float32Array(4).fill(1), [4]),
        engine.constant(new Float32Array(4), [4]),
      ];
      const { mean, variance, rows } = o.batchNorm(o.addScalar(x, 30), weight, bias, { groups: 2, epsilon: 1e-5 });
      return o.concat(
        [o.detach(mean), o.detach(variance), o.mul(o.detach(mean), rows), o.sum(x, [0, 1], true)].map((part) =>
          o.reshape(part, [sizeOf(part.shape)]),
        ),
      );
    }));
});

describe('random convolutions and products', () => {
  it.each(Array.from({ length: 12 }, (_, index) => index))('convolution %i', async (index) => {
    const draw = random.fork(`convolution/${index}`);
    const pick = (...from: number[]): number => from[draw.integer(from.length)];
    const [kernel, stride, dilation] = [pick(1, 3, 7), pick(1, 2), pick(1, 1, 2)];
    const [cin, cout] = [pick(1, 3, 4, 8, 12), pick(2, 4, 5, 16)];
    const options = { stride, dilation, padding: ((kernel - 1) / 2) * dilation };
    const [n, h, w] = [1 + draw.integer(9), 5 + draw.integer(6), 5 + draw.integer(6)];
    await expectEqual(
      [
        [n, h, w, cin],
        [kernel, kernel, cin, cout],
      ],
      (o, [x, k]) => o.conv2d(x, k, options),
    );
  });
});

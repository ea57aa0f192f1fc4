import { createRandom } from '../../lib/random.ts';
import { sizeOf } from '../../lib/shape.ts';
import type { Engine } from '../engine.ts';
import type { HostTensors } from '../ops.ts';
import type { Tensor } from '../tensor.ts';
import { eachProduct, logSumExps, normRelu, outputSize, type PlainConv } from './plainLoops.ts';

/** Odd sizes, a stride, borders, and channels as the networks have them; another follows on its output. */
const FIRST: PlainConv = { images: 2, height: 13, width: 9, cin: 16, cout: 16, kernel: 3, stride: 2 };
const [outHeight, outWidth] = outputSize(FIRST);
const SECOND: PlainConv = { ...FIRST, height: outHeight, width: outWidth };
const [lastHeight, lastWidth] = outputSize(SECOND);
const EPSILON = 1e-5;

/** Relative error that is no rounding: sums of a few hundred floats come to some 1e-6 of the largest. */
export const TOLERANCE = 1e-4;

const { images, height, width, cin, cout, kernel } = FIRST;
const FILTER = [kernel, kernel, cin, cout];
const VARIABLES = { first: FILTER, weight: [cout], bias: [cout], second: FILTER } as const;
const INPUTS = { x: [images, height, width, cin], rowWeights: [images * lastHeight * lastWidth, 1] } as const;

type Variable = keyof typeof VARIABLES;
type Output = 'rows' | Variable;

/** Values of the variables and inputs. */
function givenNumbers() {
  const random = createRandom('known answer');
  const draw = (shape: readonly number[]): Float32Array =>
    Float32Array.from({ length: sizeOf(shape) }, () => random.normal());
  const filter = (): Float32Array => draw(FILTER).map((value) => value / Math.sqrt(kernel * kernel * cin));
  return {
    x: draw(INPUTS.x),
    first: filter(),
    weight: draw(VARIABLES.weight).map((value) => 1 + value / 4),
    bias: draw(VARIABLES.bias).map((value) => value / 4),
    second: filter(),
    rowWeights: draw(INPUTS.rowWeights),
  };
}

type Given = ReturnType<typeof givenNumbers>;

/** The results of each row, and the gradients of their weighted sum. */
function answer({ x, first, weight, bias, second, rowWeights }: Given): Readonly<Record<Output, Float64Array>> {
  const before = new Float64Array(images * outHeight * outWidth * cout);
  eachProduct(FIRST, (from, by, to) => (before[to] += x[from] * first[by]));
  const { y, backward } = normRelu(before, weight, bias, EPSILON);
  const after = new Float64Array(rowWeights.length * cout);
  eachProduct(SECOND, (from, by, to) => (after[to] += y[from] * second[by]));
  const { sums, softmax } = logSumExps(after, cout);
  const dAfter = softmax.map((value, at) => value * rowWeights[Math.floor(at / cout)]);
  const [dy, dSecond, dFirst] = [y, second, first].map(({ length }) => new Float64Array(length));
  eachProduct(SECOND, (from, by, to) => {
    dy[from] += dAfter[to] * second[by];
    dSecond[by] += dAfter[to] * y[from];
  });
  const { dx: dBefore, dWeight, dBias } = backward(dy);
  eachProduct(FIRST, (from, by, to) => (dFirst[by] += dBefore[to] * x[from]));
  return { rows: sums, first: dFirst, weight: dWeight, bias: dBias, second: dSecond };
}

async function computed(engine: Engine, given: Given): Promise<HostTensors<Output>> {
  const names = Object.keys(VARIABLES) as Variable[];
  const variables = names.map((name) => engine.variable(name, VARIABLES[name], given[name]));
  const conv = (x: Tensor, filter: Tensor): Tensor =>
    x.conv2d(filter, { stride: FIRST.stride, padding: (kernel - 1) / 2, dilation: 1 });
  try {
    const program = await engine.program(INPUTS, ({ x, rowWeights }) => {
      const { aux, gradients } = engine.gradients(() => {
        const [first, weight, bias, second] = variables.map(({ value }) => value);
        const { y } = conv(x, first).batchNorm(weight, bias, { groups: 1, epsilon: EPSILON });
        const rows = conv(y.relu(), second).reshape([rowWeights.size, cout]).logSumExp();
        return { loss: rows.mul(rowWeights).sum(), aux: { rows } };
      }, variables);
      const [first, weight, bias, second] = gradients;
      return { rows: aux.rows, first, weight, bias, second };
    });
    return await program.run({ x: given.x, rowWeights: given.rowWeights }).finally(() => program.dispose());
  } finally {
    for (const variable of variables) engine.discard(variable);
  }
}

/**
 * Largest error of the engine in results that plain loops compute, too, in parts of the largest number of each: two
 * convolutions, BatchNorm with ReLU and a reduction, and their gradients. A few 1e-6 by rounding. Their sizes are such
 * that the kernels of the convolutions, which CPU adapters compile slowly, are those of training; on four lanes, those of
 * its small products.
 */
export async function largestError(engine: Engine): Promise<number> {
  const given = givenNumbers();
  const [expected, found] = [answer(given), await computed(engine, given)];
  return Math.max(...(Object.keys(expected) as Output[]).map((name) => scaledError(found[name], expected[name])));
}

/** Largest error, in parts of the largest expected number. */
export function scaledError(found: Float32Array, expected: Float32Array | Float64Array): number {
  let [scale, error] = [0, 0];
  expected.forEach((value, at) => {
    scale = Math.max(scale, Math.abs(value));
    error = Math.max(error, Math.abs(value - found[at]));
  });
  return error / scale;
}

import { beforeAll, describe, expect, it } from 'vitest';
import { CPU_ADAPTER } from '../../gpu/device.ts';
import { createRandom } from '../../lib/random.ts';
import { sizeOf } from '../../lib/shape.ts';
import type { EngineCore, Handle, HostTensors } from '../ops.ts';
import { openEagerEngine } from './backend.ts';

let engine: EngineCore;
beforeAll(async () => {
  engine = await openEagerEngine(CPU_ADAPTER);
});

const random = createRandom('eager operations');
const normals = (purpose: string, count: number): Float32Array => {
  const stream = random.fork(purpose);
  return Float32Array.from({ length: count }, () => stream.normal());
};

/** Runs a body without inputs and returns its outputs. */
async function compute<Output extends string>(
  body: () => Readonly<Record<Output, Handle>>,
): Promise<HostTensors<Output>> {
  const program = await engine.program({}, body);
  const outputs = await program.run({});
  program.dispose();
  return outputs;
}

/** Compares the gradient of Σ f(x)·w, w random, with central differences at a few positions. */
async function expectGradient(shape: readonly number[], f: (x: Handle) => Handle, tolerance = 2e-3): Promise<void> {
  const { ops } = engine;
  const start = normals(`x/${shape.join()}`, sizeOf(shape));
  const variable = engine.variable('x', shape, start);
  const weigh = (y: Handle): Handle => {
    const axes = y.shape.map((_, axis) => axis);
    return ops.sum(ops.mul(y, engine.constant(normals(`w/${y.shape.join()}`, sizeOf(y.shape)), y.shape)), axes);
  };
  const program = await engine.program({}, () => {
    const { kept, gradients } = engine.gradients(() => {
      const loss = weigh(f(variable.value));
      return { loss, kept: [loss], watched: [] };
    }, [variable]);
    return { loss: kept[0], gradient: gradients[0] };
  });
  const lossAt = async (values: Float32Array): Promise<number> => {
    engine.write(variable, values);
    return (await program.run({})).loss[0];
  };
  const { gradient } = await program.run({});
  const h = 1e-2;
  for (let place = 0; place < start.length; place += Math.ceil(start.length / 9)) {
    const moved = (by: number): Float32Array => start.map((value, at) => (at === place ? value + by : value));
    const slope = ((await lossAt(moved(h))) - (await lossAt(moved(-h)))) / (2 * h);
    expect(Math.abs(gradient[place] - slope), `at ${place}: ${gradient[place]} against ${slope}`).toBeLessThan(
      tolerance * Math.max(1, Math.abs(slope)),
    );
  }
  program.dispose();
  engine.discard(variable);
}

describe('gradients against finite differences', () => {
  const batchNorm = (x: Handle, mask?: Float32Array): Handle => {
    const channels = x.shape[x.shape.length - 1];
    const weight = engine.constant(normals('weight', channels), [channels]);
    const bias = engine.constant(normals('bias', channels), [channels]);
    const options = { groups: 2, epsilon: 1e-5 };
    const masked = mask ? { ...options, mask: engine.constant(mask, [mask.length]) } : options;
    return engine.ops.batchNorm(x, weight, bias, masked).y;
  };

  it.each<[string, readonly number[], (x: Handle) => Handle]>([
    ['gelu', [3, 5], (x) => engine.ops.gelu(x)],
    ['l2Normalize', [4, 3], (x) => engine.ops.l2Normalize(x)],
    ['batchNorm of two groups', [4, 3, 1, 2], (x) => batchNorm(x)],
    ['batchNorm of the kept rows', [8, 3], (x) => batchNorm(x, Float32Array.of(1, 0, 1, 1, 0, 1, 1, 0))],
  ])('%s', (_, shape, f) => expectGradient(shape, f));

  it('dilated convolution, by input and by kernel', async () => {
    const options = { stride: 1, padding: 2, dilation: 2 };
    const kernel = normals('kernel', 3 * 3 * 2 * 3);
    const image = normals('image', 5 * 6 * 2);
    await expectGradient([1, 5, 6, 2], (x) => engine.ops.conv2d(x, engine.constant(kernel, [3, 3, 2, 3]), options));
    await expectGradient([3, 3, 2, 3], (x) => engine.ops.conv2d(engine.constant(image, [1, 5, 6, 2]), x, options));
  });
});

describe('masked batchNorm', () => {
  it('normalizes by the kept rows of each group', async () => {
    const rows = [[1, 10], [3, 30], [99, -99], [5, -1], [77, 77], [7, 1]]; // oxfmt-ignore
    const mask = Float32Array.of(1, 1, 0, 1, 0, 1);
    const {
      y,
      mean,
      variance,
      rows: counts,
    } = await compute(() => ({
      ...engine.ops.batchNorm(
        engine.constant(Float32Array.from(rows.flat()), [6, 2]),
        engine.constant(Float32Array.of(1, 1), [2]),
        engine.constant(Float32Array.of(0, 0), [2]),
        { groups: 2, epsilon: 0, mask: engine.constant(mask, [6]) },
      ),
    }));
    expect([...mean]).toEqual([2, 20, 6, 0]);
    expect([...variance]).toEqual([1, 100, 1, 1]);
    expect([...counts]).toEqual([2, 2]);
    const normalized = [...y];
    expect(normalized.slice(0, 4)).toEqual([-1, -1, 1, 1]);
    expect([...normalized.slice(6, 8), ...normalized.slice(10)]).toEqual([-1, -1, 1, 1]);
  });

  it('stays finite without any row', async () => {
    const { y } = await compute(() => ({
      y: engine.ops.batchNorm(
        engine.constant(Float32Array.of(1, 2, 3, 4), [4, 1]),
        engine.constant(Float32Array.of(1), [1]),
        engine.constant(Float32Array.of(0), [1]),
        { groups: 2, epsilon: 1e-5, mask: engine.constant(Float32Array.of(0, 0, 1, 0), [4]) },
      ).y,
    }));
    expect([...y].every(Number.isFinite)).toBe(true);
  });
});

describe('oneHotArgMax', () => {
  it('marks one entry per row, on ties too', async () => {
    const { hot } = await compute(() => ({
      hot: engine.ops.oneHotArgMax(engine.constant(Float32Array.of(0, 2, 1, 5, 5, 5), [2, 3])),
    }));
    const values = [...hot];
    expect(values.slice(0, 3)).toEqual([0, 1, 0]);
    expect(values.slice(3).reduce((a, b) => a + b)).toBe(1);
  });
});

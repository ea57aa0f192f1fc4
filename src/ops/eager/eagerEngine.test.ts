import { beforeAll, describe, expect, it } from 'vitest';
import { CPU_ADAPTER } from '../../gpu/device.ts';
import { tensorEngine, type Engine } from '../engine.ts';
import { openEagerEngine } from './backend.ts';

let engine: Engine;
beforeAll(async () => {
  engine = tensorEngine(await openEagerEngine(CPU_ADAPTER));
});

describe('a program', () => {
  it('computes from its inputs at every run, assigns, and leaves no tensor behind', async () => {
    const before = engine.tensorCount();
    const total = engine.variable('total', [3], Float32Array.of(1, 2, 3));
    const program = await engine.program({ x: [3], factor: [] }, ({ x, factor }) => {
      const product = x.mul(factor);
      engine.assign(total, total.value.add(product));
      // A new tensor, the same again, an input and a variable can all be outputs.
      return { product, again: product, x, total: total.value };
    });
    const x = Float32Array.of(1, 10, 100);
    await program.run({ x, factor: Float32Array.of(2) });
    const outputs = await program.run({ x, factor: Float32Array.of(3) });
    expect(Object.values(outputs).map((one) => [...one])).toEqual([
      ...[[3, 30, 300], [3, 30, 300], [1, 10, 100]], // oxfmt-ignore
      [6, 52, 503],
    ]);
    expect([...(await engine.read(total))]).toEqual([6, 52, 503]);
    program.dispose();
    engine.discard(total);
    expect(engine.tensorCount()).toBe(before);
  });

  it('reports full progress, and rejects an input of another size', async () => {
    const fractions: number[] = [];
    const program = await engine.program({ x: [3] }, ({ x }) => ({ x }), (fraction) => fractions.push(fraction)); // oxfmt-ignore
    expect(fractions).toEqual([1]);
    const before = engine.tensorCount();
    await expect(program.run({ x: Float32Array.of(1, 2) })).rejects.toThrow(/3/);
    expect(engine.tensorCount()).toBe(before);
  });

  it('returns intermediates of a loss, and a gradient of 0 for a variable without effect on it', async () => {
    const [near, far] = ['near', 'far'].map((name) => engine.variable(name, [2], Float32Array.of(2, 3)));
    const before = engine.tensorCount();
    const program = await engine.program({}, () => {
      const { loss, aux, gradients } = engine.gradients(() => {
        const squares = near.value.square();
        return { loss: squares.sum(), aux: { squares, far: far.value } };
      }, [near, far]);
      return { loss, ...aux, near: gradients[0], gone: gradients[1] };
    });
    const { loss, squares, far: unchanged, near: slope, gone } = await program.run({});
    expect([loss, squares, unchanged, slope, gone].map((one) => [...one])).toEqual([
      ...[[13], [4, 9], [2, 3]], // oxfmt-ignore
      ...[[4, 6], [0, 0]], // oxfmt-ignore
    ]);
    expect(engine.tensorCount()).toBe(before);
    for (const variable of [near, far]) engine.discard(variable);
  });
});

describe('a snapshot', () => {
  it('outlives writes and assignments, restores repeatedly, and is freed when released', async () => {
    const before = engine.tensorCount();
    const variable = engine.variable('v', [2], Float32Array.of(1, 2));
    const kept = engine.snapshot([variable]);
    const program = await engine.program({}, () => {
      engine.assign(variable, variable.value.mul(10));
      return {};
    });
    for (let round = 0; round < 2; round++) {
      await program.run({});
      expect([...(await engine.read(variable))]).toEqual([10, 20]);
      engine.write(variable, Float32Array.of(7, 8));
      kept.restore();
      expect([...(await engine.read(variable))]).toEqual([1, 2]);
    }
    kept.release();
    expect([...(await engine.read(variable))]).toEqual([1, 2]);
    engine.discard(variable);
    expect(engine.tensorCount()).toBe(before);
  });
});

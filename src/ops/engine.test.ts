import { beforeAll, describe, expect, it } from 'vitest';
import { CPU_ADAPTER } from '../gpu/device.ts';
import { createEngine } from './createEngine.ts';
import type { Engine } from './engine.ts';
import { Tensor } from './tensor.ts';
import { mapTensors, tensorsOf } from './tensorTree.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await createEngine(CPU_ADAPTER);
});

describe('gradients', () => {
  it('return aux in any nesting, with the gradients of watched intermediates', async () => {
    const x = engine.variable('x', [2], Float32Array.of(3, 4));
    const program = await engine.program({}, () => {
      const { loss, aux, gradients, watched } = engine.gradients(
        () => {
          const squares = x.value.square();
          return {
            loss: squares.square().sum(),
            aux: { name: 'kept', list: [squares, { deep: x.value.mul(2) }] as const },
          };
        },
        [x],
        ({ list: [squares] }) => ({ squares }),
      );
      expect(aux.name).toBe('kept');
      const [squares, { deep }] = aux.list;
      return { loss, squares, deep, dx: gradients[0], dSquares: watched.squares };
    });
    const { loss, squares, deep, dx, dSquares } = await program.run({});
    expect([...loss]).toEqual([81 + 256]);
    expect([...squares]).toEqual([9, 16]);
    expect([...deep]).toEqual([6, 8]);
    // d(x⁴) = 4x³ · d(s²) = 2s
    expect([...dx]).toEqual([108, 256]);
    expect([...dSquares]).toEqual([18, 32]);
    program.dispose();
    engine.discard(x);
  });
});

describe('a tree of tensors', () => {
  it('is visited in one order and rebuilt around replaced tensors', async () => {
    const program = await engine.program({ a: [1], b: [1] }, ({ a, b }) => {
      const tree = { first: a, rest: [b, { again: a }], text: 'x', none: undefined };
      expect(tensorsOf(tree)).toEqual([a, b, a]);
      const doubled = mapTensors(tree, (tensor) => tensor.mul(2));
      expect(doubled.text).toBe('x');
      expect(doubled.rest[0]).toBeInstanceOf(Tensor);
      return { first: doubled.first };
    });
    expect([...(await program.run({ a: Float32Array.of(2), b: Float32Array.of(3) })).first]).toEqual([4]);
    program.dispose();
  });
});

it('rejects a variable of another engine', () => {
  const foreign = { name: 'foreign', shape: [1], value: undefined as never };
  expect(() => engine.write(foreign, Float32Array.of(1))).toThrow(/"foreign"/);
});

import { beforeAll, expect, it } from 'vitest';
import { CPU_ADAPTER } from '../gpu/device.ts';
import { createEngine } from '../ops/createEngine.ts';
import type { Engine } from '../ops/engine.ts';
import { slotLoss } from './losses.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await createEngine(CPU_ADAPTER);
});

/** Four rows of two channels; loss and gradient by the queries. */
async function lossOf(query: readonly number[], key: readonly number[]): Promise<{ loss: number; gradient: number[] }> {
  const queries = engine.variable('queries', [4, 2], Float32Array.of(1, 0, 0, 1, 1, 1, 1, -1));
  const program = await engine.program({ query: [4], key: [4] }, (present) => {
    const keys = engine.constant(Float32Array.of(1, 0, 0, 1, -1, 0, 0, -1), [4, 2]);
    const { loss, gradients } = engine.gradients(
      () => ({ loss: slotLoss(queries.value, keys, present, 0.5).loss, aux: undefined }),
      [queries],
    );
    return { loss, gradient: gradients[0] };
  });
  const { loss, gradient } = await program.run({ query: Float32Array.from(query), key: Float32Array.from(key) });
  program.dispose();
  engine.discard(queries);
  return { loss: loss[0], gradient: [...gradient] };
}

it('is the cross-entropy over the present keys, averaged over the present queries, times 2τ', async () => {
  // Query 0 sees keys 0, 1, 3 at cosines 1, 0, 0; query 1 at 0, 1, −1; τ = 0.5 doubles them.
  const first = Math.log(Math.exp(2) + 2) - 2;
  const second = Math.log(1 + Math.exp(2) + Math.exp(-2)) - 2;
  const { loss, gradient } = await lossOf([1, 1, 0, 0], [1, 1, 0, 1]);
  expect(loss).toBeCloseTo((first + second) / 2, 5);
  expect(gradient.slice(4).every((value) => Math.abs(value) === 0)).toBe(true);
});

it.each([
  ['one query', [0, 1, 0, 0], [1, 1, 1, 1]],
  ['no query', [0, 0, 0, 0], [1, 1, 1, 1]],
  ['no key', [0, 0, 0, 0], [0, 0, 0, 0]],
])('is 0 without gradient with %s', async (_, query, key) => {
  const { loss, gradient } = await lossOf(query, key);
  expect(Math.abs(loss)).toBe(0);
  expect(gradient.every((value) => Math.abs(value) === 0)).toBe(true);
});

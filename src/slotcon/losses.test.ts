import { beforeAll, describe, expect, it } from 'vitest';
import { CPU_ADAPTER } from '../gpu/device.ts';
import { createEngine } from '../ops/createEngine.ts';
import type { Engine } from '../ops/engine.ts';
import { computeOnCpu, goldenArgs, goldenMap, goldenTensor } from '../testing/goldenStep.ts';
import { relativeError } from '../testing/parity/compare.ts';
import { groupingLoss, slotLoss } from './losses.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await createEngine(CPU_ADAPTER);
});

/** Loss of four rows of two channels, and its gradient with respect to the queries. */
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
  // Query 0 has cosines 1, 0, 0 with keys 0, 1, 3; query 1 has 0, 1, −1; τ = 0.5 doubles them.
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

describe.each([
  ['q1', 'k2'],
  ['q2', 'k1'],
])('the published numbers of (%s, %s)', (q, k) => {
  it('groupingLoss', async () => {
    const inputs = {
      q: goldenMap(`fwd/${q}_aligned`),
      k: goldenMap(`fwd/${k}_aligned`),
      center: goldenTensor('init/center'),
    };
    const temperatures = { studentTemp: goldenArgs.student_temp, teacherTemp: goldenArgs.teacher_temp };
    const { loss } = await computeOnCpu(inputs, (tensors) => ({
      loss: groupingLoss(tensors.q, tensors.k, tensors.center, temperatures),
    }));
    expect(relativeError(loss, goldenTensor(`fwd/distill_${q}_${k}`).data)).toBeLessThan(1e-5);
  });

  it('slotLoss', async () => {
    const name = `fwd/ctr_${q}_${k}`;
    const key = goldenTensor(`${name}/mask_k`).data;
    const query = goldenTensor(`${name}/mask_q`).data.map((present, row) => present * key[row]);
    const channels = goldenArgs.dim_out;
    // The published code stores the rows of the queries only.
    const kept = goldenTensor(`fwd/pred_out_${q}`).data;
    const queries = new Float32Array(query.length * channels);
    let row = 0;
    query.forEach((present, at) => {
      if (present) queries.set(kept.subarray(row * channels, ++row * channels), at * channels);
    });
    const rows = query.length;
    const inputs = {
      queries: { shape: [rows, channels], data: queries },
      keys: { shape: [rows, channels], data: goldenTensor(`fwd/${k}`).data },
      query: { shape: [rows], data: query },
      key: { shape: [rows], data: key },
    };
    const { loss, kept: count } = await computeOnCpu(inputs, (tensors) => {
      const { loss, kept } = slotLoss(tensors.queries, tensors.keys, tensors, 0.2);
      return { loss, kept };
    });
    expect([...count]).toEqual([...goldenTensor(`${name}/n_kept`).data]);
    expect(relativeError(loss, goldenTensor(name).data)).toBeLessThan(1e-5);
  });
});

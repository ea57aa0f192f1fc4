import { expect, it } from 'vitest';
import { createRandom } from '../lib/random.ts';
import { needsGpu } from '../testing/gpu.ts';
import { runKernel } from '../testing/runKernel.ts';
import { WGSL_DIVIDE, type Kernel } from './kernel.ts';

needsGpu();

/** Operands [a, d, inverse, out]: out = a / d, 64 at a time. */
function divideKernel(count: number): Kernel {
  return {
    name: 'divide',
    element: 'u32',
    workgroups: [count / 64, 1, 1],
    flop: 0,
    table: (offsets) => offsets,
    code: ([a, d, inverse, out]) => `${WGSL_DIVIDE}
@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let i = id.x;
  ${out}[table[3] + i] = divide(${a}[table[0] + i], ${d}[table[1] + i], bitcast<f32>(${inverse}[table[2] + i]));
}`,
  };
}

it('divides integers exactly, next to multiples of the divisor too', async () => {
  const random = createRandom('divide');
  const pairs = Array.from({ length: 1 << 16 }, () => {
    const d = Math.ceil(2 ** random.uniform(0, 24));
    const quotient = Math.floor(2 ** random.uniform(0, Math.log2(Math.min(2 ** 22, 2 ** 30 / d)))) - 1;
    return { a: quotient * d + [0, d - 1, random.integer(d)][random.integer(3)], d };
  });
  const bits = (numbers: number[]): Float32Array => new Float32Array(Uint32Array.from(numbers).buffer);
  const operands = [
    bits(pairs.map(({ a }) => a)),
    bits(pairs.map(({ d }) => d)),
    Float32Array.from(pairs, ({ d }) => 1 / d),
    new Float32Array(pairs.length),
  ];
  const out = (await runKernel(divideKernel(pairs.length), operands))[3];
  const quotients = [...new Uint32Array(out.buffer)];
  const wrong = pairs.filter(({ a, d }, i) => quotients[i] !== Math.floor(a / d));
  expect(wrong).toEqual([]);
});

import { fileURLToPath } from 'node:url';
import { CPU_ADAPTER } from '../gpu/device.ts';
import { defined } from '../lib/defined.ts';
import { createEngine } from '../ops/createEngine.ts';
import type { Tensor } from '../ops/tensor.ts';
import { channelsLast, numbers, tensor } from './parity/golden.ts';
import { findGoldens } from './parity/goldens.node.ts';

const [set] = findGoldens(fileURLToPath(new URL('goldens', import.meta.url))).values();
const { file, json } = defined(set.get('step'), 'golden of a step');

/** Settings of the published run behind the golden step. */
export const goldenArgs = json.args;

/** How far numbers of the golden step may be off, by their group. */
export function goldenTolerance(group: string): { readonly tolerance: number; readonly floor: number } {
  const { recommended_max_over_maxabs: tolerance, floor_maxabs: floor } = json.tolerances[group];
  return { tolerance, floor };
}

export interface GoldenValue {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** A tensor of the golden step, e.g. `fwd/q1`. */
export function goldenTensor(name: string): GoldenValue {
  return { shape: tensor(file, name).shape, data: Float32Array.from(numbers(file, name)) };
}

/** A map [N,C,h,w] of the golden step as [N,h·w,C]. */
export function goldenMap(name: string): GoldenValue {
  const { shape, data } = goldenTensor(name);
  const [n, channels, height, width] = shape;
  return { shape: [n, height * width, channels], data: channelsLast(data, channels, height * width) };
}

/** Runs a body on the eager engine on the CPU. */
export async function computeOnCpu<Input extends string, Output extends string>(
  inputs: Readonly<Record<Input, GoldenValue>>,
  body: (tensors: Readonly<Record<Input, Tensor>>) => Readonly<Record<Output, Tensor>>,
): Promise<Readonly<Record<Output, Float32Array>>> {
  const engine = await createEngine(CPU_ADAPTER);
  const entries = Object.entries<GoldenValue>(inputs);
  const shapes = Object.fromEntries(entries.map(([name, { shape }]) => [name, shape])) as Record<Input, number[]>;
  const data = Object.fromEntries(entries.map(([name, value]) => [name, value.data])) as Record<Input, Float32Array>;
  const program = await engine.program<Input, Output>(shapes, body);
  try {
    return await program.run(data);
  } finally {
    program.dispose();
  }
}

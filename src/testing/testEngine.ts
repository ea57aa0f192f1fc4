import * as tf from '@tensorflow/tfjs';
import { afterEach, expect } from 'vitest';
import { openDawn } from '../gpu/dawn.node.ts';
import { createEngine, type EngineName } from '../ops/createEngine.ts';
import { createEagerEngine } from '../ops/eager/eagerEngine.ts';
import type { Engine } from '../ops/ops.ts';

/**
 * An engine on Dawn. Where there is no Vulkan driver it says so and takes the CPU, or fails with REQUIRE_GPU=1.
 * An error that the GPU reports and nobody catches fails the test in which it happened.
 */
export async function openTestEngine(name: EngineName): Promise<Engine> {
  const adapter = await openDawn();
  if (!adapter.device) {
    if (process.env.REQUIRE_GPU === '1') throw new Error('REQUIRE_GPU=1, but there is no WebGPU adapter');
    console.warn('No WebGPU adapter: these tests run on the eager engine on the CPU, none on a GPU');
  }
  const errors: string[] = [];
  adapter.device?.addEventListener('uncapturederror', ({ error }) => errors.push(error.message));
  afterEach(() => expect(errors.splice(0), 'uncaptured GPU errors').toEqual([]));
  return createEngine(adapter, name);
}

/** The compiled engine, and the eager one on the CPU to compare it with. */
export async function openEnginePair(): Promise<{ compiled: Engine; oracle: Engine }> {
  const compiled = await openTestEngine('compiled');
  await tf.setBackend('cpu');
  return { compiled, oracle: createEagerEngine() };
}

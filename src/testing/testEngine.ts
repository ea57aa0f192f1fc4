import { afterEach, beforeAll, expect } from 'vitest';
import { openDawn } from '../gpu/dawn.node.ts';
import { CPU_ADAPTER } from '../gpu/device.ts';
import { createEngine, type EngineName } from '../ops/createEngine.ts';
import type { Engine } from '../ops/ops.ts';

/**
 * An engine on Dawn for the tests around the call, which must be made while they are collected: a hook that is added from
 * within another one never runs. Where there is no Vulkan driver it says so and takes the CPU, or fails with
 * REQUIRE_GPU=1. An error that the GPU reports and nobody catches fails the test in which it happened.
 */
export function testEngine(name: EngineName): () => Engine {
  let engine: Engine;
  const errors: string[] = [];
  beforeAll(async () => {
    const adapter = await openDawn();
    if (!adapter.device) {
      if (process.env.REQUIRE_GPU === '1') throw new Error('REQUIRE_GPU=1, but there is no WebGPU adapter');
      console.warn('No WebGPU adapter: these tests run on the eager engine on the CPU, none on a GPU');
    }
    adapter.device?.addEventListener('uncapturederror', ({ error }) => errors.push(error.message));
    engine = await createEngine(adapter, name);
  });
  afterEach(() => expect(errors.splice(0), 'uncaptured GPU errors').toEqual([]));
  return () => engine;
}

/** The compiled engine, and the eager one on the CPU to compare it with; as `testEngine`. */
export function testEnginePair(): { compiled: () => Engine; oracle: () => Engine } {
  const compiled = testEngine('compiled');
  let oracle: Engine;
  beforeAll(async () => {
    oracle = await createEngine(CPU_ADAPTER);
  });
  return { compiled, oracle: () => oracle };
}

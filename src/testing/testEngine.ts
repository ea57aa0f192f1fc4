import { beforeAll } from 'vitest';
import { CPU_ADAPTER, type Adapter } from '../gpu/device.ts';
import { createEngine, type EngineName } from '../ops/createEngine.ts';
import type { Engine } from '../ops/engine.ts';
import { needsGpu, testAdapter } from './gpu.ts';

/**
 * Engine for the tests of the enclosing suite, on Dawn by default. Call while tests are collected. The compiled engine needs
 * a GPU, see `needsGpu`; without one the eager engine runs on the CPU.
 */
export function testEngine(name: EngineName, adapter: Adapter = testAdapter): () => Engine {
  if (name === 'compiled') needsGpu();
  let engine: Engine | undefined;
  beforeAll(async () => {
    engine = await createEngine(adapter, name);
  });
  return () => {
    if (engine?.name !== name) throw new Error(`The ${name} engine needs a WebGPU adapter`);
    return engine;
  };
}

/** The compiled engine, and the eager one on the CPU as a reference; see `testEngine`. */
export function testEnginePair(): { compiled: () => Engine; oracle: () => Engine } {
  return { compiled: testEngine('compiled'), oracle: testEngine('eager', CPU_ADAPTER) };
}

import { beforeAll } from 'vitest';
import { CPU_ADAPTER } from '../gpu/device.ts';
import { createEngine, type EngineName } from '../ops/createEngine.ts';
import type { Engine } from '../ops/engine.ts';
import { needsGpu, testAdapter } from './gpu.ts';

/**
 * An engine on Dawn for the tests around the call, to be called while they are collected. The compiled one needs a GPU,
 * see `needsGpu`; the eager one runs on the CPU where there is none.
 */
export function testEngine(name: EngineName): () => Engine {
  if (name === 'compiled') needsGpu();
  let engine: Engine | undefined;
  beforeAll(async () => {
    engine = await createEngine(testAdapter, name);
  });
  return () => {
    if (engine?.name !== name) throw new Error(`The ${name} engine needs a WebGPU adapter`);
    return engine;
  };
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

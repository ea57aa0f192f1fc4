import { profileOf } from '../gpu/adapterProfile.ts';
import type { Adapter, FallbackAdapter } from '../gpu/device.ts';
import { createCompiledEngine } from './compiled/compiledEngine.ts';
import { tensorEngine, type Engine } from './engine.ts';
import type { EngineCore } from './ops.ts';

export type EngineName = EngineCore['name'];

export const ENGINE_NAMES: readonly EngineName[] = ['compiled', 'eager'];

/** Loaded on demand: tfjs is larger than the rest of the page. */
const loadEager = () => import('./eager/backend.ts');

/** Returns the compiled engine where there is WebGPU, unless `wanted` is the eager one; else the eager engine. */
export async function createEngine(adapter: Adapter, wanted: EngineName = 'compiled'): Promise<Engine> {
  if (wanted === 'eager' || adapter.backend !== 'webgpu')
    return tensorEngine(await (await loadEager()).openEagerEngine(adapter));
  return tensorEngine(createCompiledEngine(adapter.device, profileOf(adapter)));
}

/** Adapter to compute on without WebGPU. */
export async function openFallback(): Promise<FallbackAdapter> {
  return (await loadEager()).fallbackAdapter();
}

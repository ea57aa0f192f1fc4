import type { Adapter } from '../gpu/device.ts';
import { createCompiledEngine } from './compiled/compiledEngine.ts';
import { createEagerEngine } from './eager/eagerEngine.ts';
import type { Engine } from './ops.ts';

export type EngineName = Engine['name'];

export const ENGINE_NAMES: readonly EngineName[] = ['compiled', 'eager'];

/** The compiled engine wherever there is WebGPU, else the eager one; `wanted` chooses. */
export function createEngine(adapter: Adapter, wanted: EngineName = 'compiled'): Engine {
  const { device, software, subgroupSize } = adapter;
  if (wanted === 'eager' || !device) return createEagerEngine();
  // Wide subgroups are those of real GPUs, which do better with workgroup memory.
  const gemm = !software
    ? ({ kind: 'workgroup' } as const)
    : subgroupSize !== undefined && subgroupSize <= 8
      ? ({ kind: 'subgroup', size: subgroupSize } as const)
      : ({ kind: 'register' } as const);
  return createCompiledEngine(device, { gemm, software });
}

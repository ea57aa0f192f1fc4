import { create, globals } from 'webgpu';
import { CPU_ADAPTER, openWebGpu, type Adapter } from './device.ts';

let opened: Promise<Adapter> | undefined;

/**
 * Opens WebGPU in Node through Dawn, or the CPU where there is no Vulkan driver; once for the process, as
 * software drivers crash with a second instance beside the first. Node doesn't exit while the instance is held: commands
 * end with `process.exit`.
 */
export function openDawn(): Promise<Adapter> {
  opened ??= open();
  return opened;
}

async function open(): Promise<Adapter> {
  Object.assign(globalThis, globals);
  const gpu = create([]);
  // tfjs looks for navigator.gpu; Node 20 has no navigator at all.
  Object.defineProperty(globalThis, 'navigator', {
    value: { gpu, userAgent: 'node' },
    configurable: true,
    writable: true,
  });
  return (await openWebGpu(gpu)) ?? CPU_ADAPTER;
}

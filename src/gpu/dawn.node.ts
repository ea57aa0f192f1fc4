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
  const adapter = (await openWebGpu(gpu)) ?? CPU_ADAPTER;
  if (adapter.software) pollLess();
  return adapter;
}

/**
 * While it waits, Dawn asks the driver in every turn of the event loop, through `setImmediate`. That keeps a core busy on
 * which a software adapter could compute, so Dawn's turns become timers of a millisecond; all others stay.
 */
function pollLess(): void {
  const { setImmediate, setTimeout } = globalThis;
  const calmer = (callback: (...args: unknown[]) => void, ...args: unknown[]): unknown =>
    isNative(callback) ? setTimeout(callback, 1, ...args) : setImmediate(callback, ...args);
  Object.defineProperties(calmer, Object.getOwnPropertyDescriptors(setImmediate));
  Object.assign(globalThis, { setImmediate: calmer });
}

function isNative(callback: (...args: never[]) => void): boolean {
  return Function.prototype.toString.call(callback).includes('[native code]');
}

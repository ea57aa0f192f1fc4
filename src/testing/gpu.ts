import { afterEach, beforeEach, expect } from 'vitest';
import { CPU_ADAPTER, openWebGpu, type Adapter } from '../gpu/device.ts';

/** The adapter of this machine, opened once per process. Its device is shared: a test that loses one opens its own. */
export const testAdapter = await openTestAdapter();
const { device } = testAdapter;

if (!device) {
  if (process.env.REQUIRE_GPU === '1') throw new Error('REQUIRE_GPU=1, but there is no WebGPU adapter');
  console.warn('skipped: no WebGPU adapter');
}

const errors: string[] = [];
device?.addEventListener('uncapturederror', ({ error }) => errors.push(error.message));

/**
 * Skips the tests of the enclosing suite without a WebGPU adapter, and fails each test with an uncaptured GPU error. Call
 * while tests are collected.
 */
export function needsGpu(): void {
  beforeEach(({ skip }) => {
    skip(!device, 'no WebGPU adapter');
  });
  afterEach(() => expect(errors.splice(0), 'uncaptured GPU errors').toEqual([]));
}

/** Device of the adapter. Throws if there is none: call `needsGpu` before. */
export function testDevice(): GPUDevice {
  if (!device) throw new Error('There is no WebGPU adapter');
  return device;
}

/** On wgpu in Deno, on Dawn in Node. */
async function openTestAdapter(): Promise<Adapter> {
  if ('Deno' in globalThis) return (await openWebGpu(navigator.gpu)) ?? CPU_ADAPTER;
  return (await import('../gpu/dawn.node.ts')).openDawn();
}

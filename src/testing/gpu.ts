import { afterEach, beforeEach, expect } from 'vitest';
import { openDawn } from '../gpu/dawn.node.ts';

/** The adapter of this machine, opened once per test file. */
export const testAdapter = await openDawn();
const { device } = testAdapter;

if (!device) {
  if (process.env.REQUIRE_GPU === '1') throw new Error('REQUIRE_GPU=1, but there is no WebGPU adapter');
  console.warn('skipped: no WebGPU adapter');
}

const errors: string[] = [];
device?.addEventListener('uncapturederror', ({ error }) => errors.push(error.message));

/**
 * Skips the tests around the call where there is no WebGPU adapter, and fails each during which the GPU reports an error
 * that nobody catches. To be called while the tests are collected.
 */
export function needsGpu(): void {
  beforeEach(({ skip }) => {
    skip(!device, 'no WebGPU adapter');
  });
  afterEach(() => expect(errors.splice(0), 'uncaptured GPU errors').toEqual([]));
}

/** The device of the adapter. Throws where there is none: call `needsGpu` before. */
export function testDevice(): GPUDevice {
  if (!device) throw new Error('There is no WebGPU adapter');
  return device;
}

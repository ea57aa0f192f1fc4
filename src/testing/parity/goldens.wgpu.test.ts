import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { profileOf } from '../../gpu/adapterProfile.ts';
import { openWebGpu, type WebGpuAdapter } from '../../gpu/device.ts';
import { defined } from '../../lib/defined.ts';
import { createCompiledEngine } from '../../ops/compiled/compiledEngine.ts';
import { tensorEngine } from '../../ops/engine.ts';
import { atDefaultLimits } from '../defaultLimits.ts';
import { needsGpu, testAdapter } from '../gpu.ts';
import { expectParity } from './expectParity.ts';
import { ITEMS } from './runParity.ts';

const { subgroupSize } = { subgroupSize: undefined, ...testAdapter };

/** Profiles of the classes of adapters, by their kernels; with subgroups where this one has them. */
const PROFILES = new Map(
  [{ software: false }, { software: true }, { software: true, ...(subgroupSize && { subgroupSize }) }]
    .map(profileOf)
    .map((profile) => [profile.gemm.convolution.kind, profile]),
);

describe.each([
  { limits: 'guaranteed', items: ITEMS },
  // Here only memory is laid out otherwise, in larger pages: a step shows whether it is bound rightly.
  { limits: "adapter's", items: ['step'] },
] as const)('parity with the published code, $limits limits', ({ limits, items }) => {
  needsGpu();
  let adapter: WebGpuAdapter | undefined;
  const errors: string[] = [];
  beforeAll(async () => {
    adapter = await openWebGpu(limits === 'guaranteed' ? atDefaultLimits(navigator.gpu) : navigator.gpu);
    adapter?.device.addEventListener('uncapturederror', ({ error }) => errors.push(error.message));
  });
  afterEach(() => expect(errors.splice(0), 'uncaptured GPU errors').toEqual([]));
  afterAll(() => adapter?.device.destroy());

  describe.each([...PROFILES])('%s kernels', (_, profile) => {
    test.each(items)(
      '%s',
      async (item) => {
        const { device } = defined(adapter);
        if (limits === 'guaranteed') expect(device.limits.maxStorageBuffersPerShaderStage).toBe(8);
        await expectParity(tensorEngine(createCompiledEngine(device, profile)), item);
      },
      600_000,
    );
  });
});

import { expect, it } from 'vitest';
import { makeConfig } from '../config/parse.ts';
import { presetConfig } from '../config/presets.ts';
import type { Config } from '../config/fields.ts';
import { profileOf, type AdapterProfile } from '../gpu/adapterProfile.ts';
import { defined } from '../lib/defined.ts';
import { createCompiledEngine } from '../ops/compiled/compiledEngine.ts';
import { tensorEngine } from '../ops/engine.ts';
import { sketchModel } from '../slotcon/model.ts';
import { planStep } from './stepProgram.ts';

/** Limits that every adapter has. */
const LIMITS = { maxStorageBufferBindingSize: 2 ** 27, maxBufferSize: 2 ** 28 };

/** Plans without a device: nothing is allocated. */
async function planOf(config: Config, profile: AdapterProfile) {
  const engine = tensorEngine(createCompiledEngine({ limits: LIMITS } as GPUDevice, profile));
  const { batchSize: count, cropSize } = config;
  const model = defined(sketchModel(engine, config), 'sketch');
  return defined(await planStep(engine, model, { count, height: cropSize, width: cropSize }), 'plan');
}

it.each([
  ['a software adapter', profileOf({ software: true, subgroupSize: 8 })],
  ['a graphics card', profileOf({ software: false })],
])('takes at most 200 dispatches for the quick preset on %s', async (_, profile) => {
  const { dispatches } = await planOf(presetConfig('quick'), profile);
  expect(dispatches).toBeLessThanOrEqual(200);
});

it('fits 224 px and 64 images with the quick encoder into the limits that every adapter has', async () => {
  const config = makeConfig(presetConfig('quick'), { cropSize: 224, batchSize: 64 });
  const { bytes } = await planOf(config, profileOf({ software: false }));
  expect(bytes / 2 ** 20).toBeLessThan(1500);
});

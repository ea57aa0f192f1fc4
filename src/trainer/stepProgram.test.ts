import { expect, it } from 'vitest';
import { makeConfig } from '../config/parse.ts';
import { presetConfig } from '../config/presets.ts';
import type { Config } from '../config/fields.ts';
import { profileOf, type AdapterProfile } from '../gpu/adapterProfile.ts';
import { defined } from '../lib/defined.ts';
import { createCompiledEngine } from '../ops/compiled/compiledEngine.ts';
import { tensorEngine } from '../ops/engine.ts';
import { sketchModel } from '../slotcon/model.ts';
import { GUARANTEED_LIMITS } from '../testing/defaultLimits.ts';
import { planStep } from './planStep.ts';

/** Plans without a device: nothing is allocated. */
async function planOf(config: Config, profile: AdapterProfile) {
  const engine = tensorEngine(createCompiledEngine({ limits: GUARANTEED_LIMITS } as GPUDevice, profile));
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

it('takes a fraction of the memory for a step of several batches, whatever their number', async () => {
  const card = profileOf({ software: false });
  const of = async (batchSize: number, accumulate: number) =>
    (await planOf(makeConfig(presetConfig('quick'), { batchSize, accumulate }), card)).bytes;
  const [whole, half] = [await of(64, 1), await of(32, 1)];
  // The optimizer is a program of its own.
  const [two, eight] = [await of(32, 2), await of(32, 8)];
  expect(two).toBe(eight);
  expect(two - half).toBeLessThan(0.05 * (whole - half));
});

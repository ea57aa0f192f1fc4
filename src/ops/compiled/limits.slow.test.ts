import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Config } from '../../config/fields.ts';
import { makeConfig } from '../../config/parse.ts';
import { presetConfig } from '../../config/presets.ts';
import { profileOf, type AdapterProfile } from '../../gpu/adapterProfile.ts';
import { choicesToText } from '../../gpu/kernelChoices.ts';
import { defined } from '../../lib/defined.ts';
import { createCompiledEngine } from './compiledEngine.ts';
import { tensorEngine } from '../engine.ts';
import { sketchModel } from '../../slotcon/model.ts';
import { guaranteedDevice } from '../../testing/defaultLimits.ts';
import { sizeOf } from '../../lib/shape.ts';
import { planRun } from '../../trainer/runMemory.ts';
import { createStepProgram } from '../../trainer/stepProgram.ts';

afterEach(() => vi.unstubAllGlobals());

const CARD = profileOf({ software: false });

/** What exceeds the limits of a device that compiles and runs a step, but computes nothing. */
async function excesses(config: Config, profile: AdapterProfile): Promise<readonly string[]> {
  const { device, broken } = guaranteedDevice();
  const engine = tensorEngine(createCompiledEngine(device, profile));
  // Variables with memory, but without the values that take long to draw.
  const sketch = (name: string, shape: readonly number[]) =>
    engine.variable(name, shape, new Float32Array(sizeOf(shape)));
  const model = defined(sketchModel({ ...engine, sketch }, config), 'model');
  const { batchSize: count, cropSize } = config;
  const size = { count, height: cropSize, width: cropSize };
  const program = await createStepProgram(engine, model, size);
  const [h, w] = model.networks.encoder.outputSize(cropSize, cropSize);
  const alignment = { rows: new Float32Array(2 * count * h * h), columns: new Float32Array(2 * count * w * w) };
  const batch = { ...size, images: () => undefined, alignment };
  for (let piece = 0; piece < config.accumulate; piece++) {
    await program.run(batch, { step: 0, lr: 0.1, teacherMomentum: 0.99 }, piece);
  }
  const snapshot = engine.snapshot([...model.entries.values()].map(({ variable }) => variable));
  snapshot.restore();
  return [...new Set(broken)];
}

const planAt = (config: Config) => planRun(tensorEngine(createCompiledEngine(guaranteedDevice().device, CARD)), config);

describe('limits that every adapter has', () => {
  it.each<[string, Config]>([
    ['quick', presetConfig('quick')],
    ['quick at 224 px', makeConfig(presetConfig('quick'), { cropSize: 224, batchSize: 64 })],
    ['paper in pieces', makeConfig(presetConfig('paper'), { batchSize: 16, accumulate: 2 })],
  ])('hold for every kernel and buffer of %s', async (_, config) => {
    for (const profile of [CARD, profileOf({ software: true, subgroupSize: 8 })]) {
      expect(await excesses(config, profile), choicesToText(profile)).toEqual([]);
    }
  });

  it('refuse the batch of the published run before its start, and name the largest that fits', async () => {
    await expect(planAt(presetConfig('paper'))).rejects.toThrow(
      'A batch of 512 images at 224×224 pixels is more than this adapter can bind at once. The largest that fits is 16.',
    );
  });
});

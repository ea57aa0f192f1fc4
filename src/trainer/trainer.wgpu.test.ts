import { describe, expect, it } from 'vitest';
import { makeConfig } from '../config/parse.ts';
import { presetConfig } from '../config/presets.ts';
import { sampleScenes } from '../data/scenes/samples.ts';
import { profileOf } from '../gpu/adapterProfile.ts';
import { createCompiledEngine } from '../ops/compiled/compiledEngine.ts';
import { tensorEngine, type Engine } from '../ops/engine.ts';
import { testDevice } from '../testing/gpu.ts';
import { SMALL_RUN } from '../testing/smallNetwork.ts';
import { testEnginePair } from '../testing/testEngine.ts';
import { createTrainer } from './trainer.ts';

const { compiled, oracle } = testEnginePair();

const config = makeConfig(presetConfig('tiny'), SMALL_RUN);
const images = sampleScenes(10, 0);

async function losses(engine: Engine, accumulate: number): Promise<number[]> {
  const trainer = await createTrainer({ engine, config: { ...config, accumulate }, images });
  const found: number[] = [];
  for (let step = 0; step < 4 / accumulate; step++) found.push((await trainer.next()).loss);
  trainer.dispose();
  return found;
}

describe.each([
  ['this adapter', () => compiled()],
  // Workgroup memory, and crops made by the device.
  ['a graphics card', () => tensorEngine(createCompiledEngine(testDevice(), profileOf({ software: false })))],
] as const)('a run with the kernels of %s', (_, engine) => {
  it.each([1, 2])('has the losses of the eager engine on the CPU, with %i batches a step', async (accumulate) => {
    const [ours, theirs] = [await losses(engine(), accumulate), await losses(oracle(), accumulate)];
    for (const [step, loss] of theirs.entries()) expect(ours[step], `step ${step + 1}`).toBeCloseTo(loss, 3);
  });
});

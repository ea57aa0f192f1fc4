import { describe, expect, it } from 'vitest';
import type { StoredTensor } from '../checkpoint/safetensors/storedTensor.ts';
import { stateDict } from '../checkpoint/stateDict.ts';
import { makeConfig } from '../config/parse.ts';
import { presetConfig } from '../config/presets.ts';
import type { Box } from '../domain/images.ts';
import { defined } from '../lib/defined.ts';
import { createRandom, type Random } from '../lib/random.ts';
import { profileOf } from '../gpu/adapterProfile.ts';
import { createCompiledEngine, type CompiledEngine } from '../ops/compiled/compiledEngine.ts';
import { tensorEngine, type Engine } from '../ops/engine.ts';
import { createModel, discardModel } from '../slotcon/model.ts';
import { testEnginePair } from '../testing/testEngine.ts';
import { toRecord } from './stepMetrics.ts';
import { alignmentOf, type Batch } from './batch.ts';
import { countBatches, createStepProgram } from './stepProgram.ts';

const { compiled, oracle } = testEnginePair();

const RATES = { lr: 0.1, teacherMomentum: 0.9 };

/** Random small model and batch size. */
function drawCase(draw: Random) {
  const pick = <Choice>(...from: readonly Choice[]): Choice => from[draw.integer(from.length)];
  const [arch, stages] = [pick('resnet18', 'resnet50'), 1 + draw.integer(4)] as const;
  const config = makeConfig(presetConfig('tiny'), {
    arch,
    stages,
    blocksPerStage: 1,
    outputStride: 4 * 2 ** (stages - 1),
    width: pick(1 / 32, 1 / 16, 3 / 64),
    hiddenDim: pick(6, 8, 12),
    outDim: pick(4, 5, 8),
    prototypes: pick(2, 3, 5, 8),
    optimizer: pick('lars', 'sgd'),
  });
  const size = { count: 1 + draw.integer(9), height: pick(32, 48), width: pick(32, 40, 64) };
  return { config, size };
}

/** One training step from a fresh model: the metrics and the state after it. */
async function stepOn(engine: Engine, seed: string) {
  const { config, size } = drawCase(createRandom(seed));
  const model = createModel(engine, config, createRandom(seed));
  const draw = createRandom(`${seed}/batch`);
  const views = 2 * size.count;
  const boxOf = (): Box => [draw.uniform(0, 0.4), draw.uniform(0, 0.4), draw.uniform(0.5, 1), draw.uniform(0.5, 1)];
  const places = Array.from({ length: size.count }, () => ({
    coords: [boxOf(), boxOf()] as const,
    flips: [draw.chance(0.5), draw.chance(0.5)] as const,
  }));
  const images = Float32Array.from({ length: views * size.height * size.width * 3 }, () => draw.normal());
  const batch: Batch = { ...size, images, alignment: alignmentOf(model, places, size) };
  const stepProgram = await createStepProgram(engine, model, size);
  const metrics = await stepProgram.run(batch, { step: 0, ...RATES });
  countBatches(model, metrics);
  const state = await stateDict(engine, model);
  stepProgram.dispose();
  discardModel(engine, model);
  return { record: toRecord(1, metrics, RATES), state };
}

const numbersOf = ({ data }: StoredTensor): number[] => Array.from(data as ArrayLike<number | bigint>, Number);

/** The engine with the profile of a hardware adapter: tiles in workgroup memory, deep sums in many parts. */
function withHardwareProfile(engine: Engine): Engine {
  if (engine.name === 'eager') return engine;
  const { device } = engine.core as CompiledEngine;
  return tensorEngine(createCompiledEngine(device, profileOf({ software: false })));
}

describe('step of a random model, compiled against eager on the CPU', () => {
  const cases = Array.from({ length: 8 }, (_, index) => [`case ${index}`, 'software profile'] as const);
  it.each([...cases, ['case 0', 'hardware profile'] as const])('%s, %s', async (seed, where) => {
    const engine = where === 'software profile' ? compiled() : withHardwareProfile(compiled());
    const [ours, theirs] = [await stepOn(engine, seed), await stepOn(oracle(), seed)];
    const { usage, ...numbers } = theirs.record;
    for (const [name, expected] of Object.entries(numbers)) {
      const own = ours.record[name as keyof typeof numbers];
      expect(Math.abs(own - expected), name).toBeLessThanOrEqual(1e-4 * Math.max(1, Math.abs(expected)));
    }
    expect(ours.record.usage).toEqual(usage);
    for (const [name, stored] of theirs.state) {
      const [values, own] = [numbersOf(stored), numbersOf(defined(ours.state.get(name)))];
      const scale = values.reduce((max, value) => Math.max(max, Math.abs(value)), 1e-2);
      const off = values.reduce((max, value, at) => Math.max(max, Math.abs(value - own[at])), 0);
      // The predictor's BatchNorm may have few rows, and magnifies rounding errors; a wrong rule is off by 1.
      expect(off / scale, name).toBeLessThan(5e-3);
    }
  });
});

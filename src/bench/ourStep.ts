import type { Config } from '../config/fields.ts';
import type { Box } from '../domain/images.ts';
import type { Adapter } from '../gpu/device.ts';
import { createRandom } from '../lib/random.ts';
import { createEngine } from '../ops/createEngine.ts';
import type { Engine } from '../ops/engine.ts';
import { createModel, discardModel, type Model } from '../slotcon/model.ts';
import { alignmentOf, type Batch, type BatchSize } from '../trainer/batch.ts';
import { createStepProgram, type StepProgram } from '../trainer/stepProgram.ts';
import type { Contender } from './race.ts';

/** Rates of the steps that are timed. */
export const RATES = { step: 0, lr: 0.02, teacherMomentum: 0.95 };

/** A training step of ours on a batch of noise, ready to run. */
export interface OurStep {
  readonly engine: Engine;
  readonly model: Model;
  readonly batch: Batch;
  readonly program: StepProgram;
}

export async function createOurStep(adapter: Adapter, config: Config, given?: Engine): Promise<OurStep> {
  const engine = given ?? (await createEngine(adapter));
  const model = createModel(engine, config, createRandom(config.seed));
  const size = { count: config.batchSize, height: config.cropSize, width: config.cropSize };
  const program = await createStepProgram(engine, model, size);
  return { engine, model, batch: randomBatch(model, size), program };
}

export function stepping({ program, batch }: OurStep): Contender {
  return async (times) => {
    for (let turn = 0; turn < times; turn++) await program.run(batch, RATES);
  };
}

export function disposeOurStep({ engine, model, program }: OurStep): void {
  program.dispose();
  discardModel(engine, model);
}

/** Noise as images; views that overlap. */
export function randomBatch(model: Model, size: BatchSize): Batch {
  const { count, height, width } = size;
  const random = createRandom('bench/batch');
  const images = Float32Array.from({ length: 2 * count * height * width * 3 }, () => random.normal());
  const views = Array.from({ length: 2 * count }, () => {
    const [left, top] = [random.uniform(0, 0.4), random.uniform(0, 0.4)];
    const box: Box = [left, top, left + random.uniform(0.3, 0.6), top + random.uniform(0.3, 0.6)];
    return { box, flip: random.chance(0.5) };
  });
  const places = views.slice(0, count).map((first, index) => {
    const second = views[count + index];
    return { coords: [first.box, second.box] as const, flips: [first.flip, second.flip] as const };
  });
  return { ...size, images, alignment: alignmentOf(model, places, size) };
}

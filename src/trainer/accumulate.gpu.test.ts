import { describe, expect, it } from 'vitest';
import { readCheckpoint, writeCheckpoint } from '../checkpoint/checkpoint.ts';
import type { Config } from '../config/fields.ts';
import { makeConfig } from '../config/parse.ts';
import { presetConfig } from '../config/presets.ts';
import { sampleScenes } from '../data/scenes/samples.ts';
import type { ImageSource } from '../domain/images.ts';
import { defined } from '../lib/defined.ts';
import { createRandom } from '../lib/random.ts';
import type { Engine } from '../ops/engine.ts';
import type { StepRecord } from '../signals/metrics.ts';
import { createModel, discardModel, type Model } from '../slotcon/model.ts';
import { breaking } from '../testing/breakingEngine.ts';
import { SMALL_RUN } from '../testing/smallNetwork.ts';
import { testEnginePair } from '../testing/testEngine.ts';
import type { Batch } from './batch.ts';
import { createBatches } from './batches.ts';
import { countBatches, createStepProgram, type StepRun } from './stepProgram.ts';
import { createTrainer, type Trainer } from './trainer.ts';

const { compiled, oracle } = testEnginePair();
const ENGINES = [
  ['compiled', () => compiled()],
  ['eager', () => oracle()],
] as const;

const configOf = (overrides: Partial<Config>): Config =>
  makeConfig(presetConfig('tiny'), { ...SMALL_RUN, stages: 1, ...overrides });

type Numbers = Float32Array | readonly number[];

/** Largest difference, relative to the largest number. */
function difference(ours: Numbers | undefined, theirs: Numbers): number {
  const [own, other] = [Array.from(defined(ours)), Array.from(theirs)];
  const scale = other.reduce((max, value) => Math.max(max, Math.abs(value)), 1e-6);
  return own.reduce((max, value, at) => Math.max(max, Math.abs(value - other[at])), 0) / scale;
}

/** Every number of a model, by name. */
async function stateOf(engine: Engine, model: Model): Promise<Map<string, Numbers>> {
  const state = new Map<string, Numbers>([['batches tracked', [...model.batchesTracked.values()]]]);
  for (const { name, variable } of model.entries.values()) state.set(name, await engine.read(variable));
  return state;
}

/** Runs `program` on a new model, and returns what it returned with the state it left. */
async function withModel<Result>(engine: Engine, config: Config, program: (model: Model) => Promise<Result>) {
  const model = createModel(engine, config, createRandom('accumulate'));
  const result = await program(model);
  const state = await stateOf(engine, model);
  discardModel(engine, model);
  return { result, state };
}

/** The first batches of a run. */
async function firstBatches(engine: Engine, model: Model, count: number): Promise<Batch[]> {
  const batches = await createBatches(engine, model, sampleScenes(8, 0), createRandom('accumulate/batches'));
  const drawn: Batch[] = [];
  for (let batch = 0; batch < count; batch++) drawn.push(await batches.get({ step: 0, epoch: 0, batch }));
  batches.dispose();
  return drawn;
}

/** One step with a batch for each piece: its pieces. */
async function oneStep(engine: Engine, model: Model, batches: readonly Batch[]): Promise<StepRun[]> {
  const { batchSize: count, cropSize } = model.config;
  const stepProgram = await createStepProgram(engine, model, { count, height: cropSize, width: cropSize });
  const pieces: StepRun[] = [];
  for (const [piece, batch] of batches.entries()) {
    pieces.push(await stepProgram.run(batch, { step: 0, lr: 0.1, teacherMomentum: 0.9 }, piece));
  }
  for (const piece of pieces) countBatches(model, piece);
  stepProgram.dispose();
  return pieces;
}

describe.each(ENGINES)('a step of several batches on the %s engine', (_, engineOf) => {
  it('has the gradient of one where all are the same', async () => {
    const engine = engineOf();
    // The center stays, which the second batch would else see changed.
    const config = configOf({ centerMomentum: 1 });
    const once = await withModel(engine, config, async (model) =>
      oneStep(engine, model, await firstBatches(engine, model, 1)),
    );
    const twice = await withModel(engine, { ...config, accumulate: 2 }, async (model) => {
      const [batch] = await firstBatches(engine, { ...model, config }, 1);
      return oneStep(engine, model, [batch, batch]);
    });
    const losses = [...once.result, ...twice.result].map(({ scalars }) => defined(scalars.get('loss'))[0]);
    expect(Math.max(...losses) - Math.min(...losses)).toBeLessThan(1e-6);
    for (const [name, stored] of once.state) {
      if (/running|tracked/.test(name)) continue;
      expect(difference(twice.state.get(name), stored), name).toBeLessThan(1e-5);
    }
  });

  it('takes the mean of the gradients, lets the teacher follow once, and center and statistics at each batch', async () => {
    const engine = engineOf();
    // The momentum of SGD begins with the gradient.
    const config = configOf({ optimizer: 'sgd', weightDecay: 0 });
    const { result: before } = await withModel(engine, config, (model) => stateOf(engine, model));
    const { cropSize, batchSize: count } = config;
    const byHand = await withModel(engine, config, async (model) => {
      const gradientsOf = {
        outputs: ({ gradients }: { gradients: readonly Parameters<Engine['assign']>[1][] }) =>
          Object.fromEntries(gradients.map((gradient, index) => [model.student[index].name, gradient])),
      };
      const size = { count, height: cropSize, width: cropSize };
      const stepProgram = await createStepProgram(engine, model, size, gradientsOf);
      const found: StepRun[] = [];
      for (const [piece, batch] of (await firstBatches(engine, model, 2)).entries()) {
        // A rate of 0: the student stays.
        const run = await stepProgram.run(batch, { step: 0, lr: 0, teacherMomentum: piece === 0 ? 0.9 : 1 });
        countBatches(model, run);
        found.push(run);
      }
      stepProgram.dispose();
      return found.map(({ probed }) => probed);
    });
    const ours = await withModel(engine, { ...config, accumulate: 2 }, async (model) =>
      oneStep(engine, model, await firstBatches(engine, { ...model, config }, 2)),
    );
    const [one, other] = byHand.result;
    for (const [name, gradient] of Object.entries(one)) {
      const mean = Array.from(gradient, (value, at) => (value + other[name][at]) / 2);
      expect(difference(ours.state.get(`optimizer.${name}`), mean), name).toBeLessThan(1e-4);
      const after = Array.from(defined(before.get(name)), (value, at) => value - 0.1 * mean[at]);
      expect(difference(ours.state.get(name), after), name).toBeLessThan(1e-5);
    }
    for (const [name, stored] of byHand.state) {
      if (name in one || name.startsWith('optimizer.')) continue;
      expect(difference(ours.state.get(name), stored), name).toBeLessThan(1e-5);
    }
  });
});

describe('a run with steps of 3 batches', () => {
  // An epoch of 15 images is 2 steps of 6.
  const config = configOf({ accumulate: 3, batchSize: 2 });
  const images = sampleScenes(15, 0);
  const train = async (trainer: Trainer, steps: number): Promise<StepRecord[]> => {
    const records: StepRecord[] = [];
    for (let step = 0; step < steps; step++) records.push(await trainer.next({ ahead: step + 1 < steps }));
    return records;
  };
  const trainerOf = (source: ImageSource, resume?: Uint8Array) =>
    createTrainer({
      engine: compiled(),
      config,
      images: source,
      ...(resume && { resume: readCheckpoint(resume) }),
    });

  it('continues from a checkpoint bit for bit, and leaves nothing behind', async () => {
    const tensors = compiled().tensorCount();
    const straight = await trainerOf(images);
    const expected = await train(straight, 5);
    const end = await straight.checkpoint();
    straight.dispose();
    expect(end.position).toEqual({ step: 5, epoch: 2, batch: 1 });
    expect(end.tensors.get('encoder_q.bn1.num_batches_tracked')?.data).toEqual(BigInt64Array.of(5n * 3n * 2n));

    const first = await trainerOf(images);
    const records = await train(first, 3);
    const file = writeCheckpoint(await first.checkpoint());
    first.dispose();
    const second = await trainerOf(images, file);
    records.push(...(await train(second, 2)));
    expect(records).toEqual(expected);
    expect(await second.checkpoint()).toEqual(end);
    second.dispose();
    expect(compiled().tensorCount()).toBe(tensors);
  });

  it.each([
    ['in one batch', { batchSize: 6, accumulate: 1 }, { step: 1, epoch: 0, batch: 1 }],
    ['of fewer images', { batchSize: 2, accumulate: 2 }, { step: 1, epoch: 0, batch: 2 }],
    ['of more images than the epoch has left', { batchSize: 5, accumulate: 2 }, { step: 1, epoch: 1, batch: 0 }],
  ])('continues with steps %s after the images that were shown', async (_, change, position) => {
    const trainer = await trainerOf(images);
    await trainer.next();
    const resume = await trainer.checkpoint();
    trainer.dispose();
    const next = await createTrainer({ engine: compiled(), config: { ...config, ...change }, images, resume });
    expect((await next.checkpoint()).position).toEqual(position);
    expect((await next.next()).step).toBe(2);
    next.dispose();
  });

  it('draws each image of an epoch once', async () => {
    const seen: number[] = [];
    const model = createModel(compiled(), config, createRandom(0));
    const get = (index: number) => {
      seen.push(index);
      return images.get(index);
    };
    const hostOnly = Object.create(compiled(), { fillDevice: { value: undefined } }) as Engine;
    const batches = await createBatches(hostOnly, model, { ...images, get }, createRandom(0));
    for (const batch of [0, 1]) {
      for (const piece of [0, 1, 2]) await batches.get({ step: 0, epoch: 0, batch }, piece);
    }
    expect(new Set(seen).size).toBe(12);
    expect(seen).toHaveLength(12);
    batches.dispose();
    discardModel(compiled(), model);
  });

  it('goes back where one batch is not finite, and leaves nothing of it in the sums', async () => {
    let runs = 0;
    // The second batch of the second step.
    const engine = breaking(compiled(), () => ++runs === 5);
    const broken = await createTrainer({ engine, config, images });
    const first = await broken.next();
    await expect(broken.next()).rejects.toThrow(/^In step 2 .* is not finite. The state after step 0 was kept/);
    expect(await train(broken, 1)).toEqual([first]);
    const state = await broken.checkpoint();
    broken.dispose();
    const straight = await trainerOf(images);
    await straight.next();
    expect(await straight.checkpoint()).toEqual(state);
    straight.dispose();
  });

  it('undoes a step whose images can’t all be read', async () => {
    let reads = 0;
    let fails = false;
    const get = (index: number) => {
      reads++;
      return fails && reads > 2 ? Promise.reject(new Error('gone')) : images.get(index);
    };
    const trainer = await trainerOf({ ...images, get });
    await train(trainer, 1);
    const before = await trainer.checkpoint();
    // The first batch of the next step is there already.
    [reads, fails] = [0, true];
    await expect(trainer.next()).rejects.toThrow('gone');
    expect(await trainer.checkpoint()).toEqual(before);
    fails = false;
    const [again] = await train(trainer, 1);
    trainer.dispose();
    const other = await trainerOf(images);
    expect((await train(other, 2))[1]).toEqual(again);
    other.dispose();
  });
});

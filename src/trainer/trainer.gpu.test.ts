import { beforeEach, describe, expect, it } from 'vitest';
import { readCheckpoint, writeCheckpoint } from '../checkpoint/checkpoint.ts';
import type { StoredTensor } from '../checkpoint/safetensors/storedTensor.ts';
import { makeConfig } from '../config/parse.ts';
import { presetConfig } from '../config/presets.ts';
import { sampleScenes } from '../data/scenes/samples.ts';
import { sizeOf } from '../lib/shape.ts';
import type { CompiledEngine } from '../ops/compiled/compiledEngine.ts';
import type { Engine } from '../ops/engine.ts';
import { testEngine } from '../testing/testEngine.ts';
import type { StepRecord } from '../signals/metrics.ts';
import { withCheckpointModel } from '../inference/temporaryModel.ts';
import { drawOverlays } from '../inference/overlays.ts';
import { createTrainer, type Trainer } from './trainer.ts';
import { createOverlayInference } from '../inference/overlayInference.ts';
import { SMALL_RUN } from '../testing/smallNetwork.ts';

/** A minimal run: 10 images in batches of 4, so that several epochs pass within a few steps. */
const config = makeConfig(presetConfig('tiny'), SMALL_RUN);
const images = sampleScenes(10, 0);

const opened = testEngine('compiled');
let engine: Engine;
beforeEach(() => void (engine = opened()));

async function train(trainer: Trainer, steps: number): Promise<StepRecord[]> {
  const records: StepRecord[] = [];
  for (let step = 0; step < steps; step++) records.push(await trainer.next());
  return records;
}

describe('a run', () => {
  it.each(['lars', 'adamw'] as const)('continues from a checkpoint bit for bit with %s', async (optimizer) => {
    const chosen = makeConfig(config, { optimizer });
    const straight = await createTrainer({ engine, config: chosen, images });
    const expected = await train(straight, 6);
    const end = await straight.checkpoint();
    straight.dispose();

    const first = await createTrainer({ engine, config: chosen, images });
    const records = await train(first, 3);
    const bytes = writeCheckpoint(await first.checkpoint());
    first.dispose();
    const second = await createTrainer({ engine, config: chosen, images, resume: readCheckpoint(bytes) });
    records.push(...(await train(second, 3)));
    expect(records).toEqual(expected);
    expect(await second.checkpoint()).toEqual(end);
    second.dispose();
  });

  it('reports how long a step waited for images: the first one for its whole batch', async () => {
    let now = 0;
    const get = (index: number) => {
      now += 100;
      return images.get(index);
    };
    const trainer = await createTrainer({ engine, config, images: { ...images, get }, clock: () => now });
    await trainer.next();
    // 4 images; those of the second batch are read while the first is computed.
    expect(trainer.dataWaitMs()).toBe(400);
    await train(trainer, 4);
    expect(trainer.dataWaitMs()).toBe(0);
    trainer.dispose();
  });

  it('leaves no tensor behind and keeps their number from step to step', async () => {
    const before = engine.tensorCount();
    const trainer = await createTrainer({ engine, config, images });
    await train(trainer, 2);
    await trainer.overlays();
    const during = engine.tensorCount();
    await train(trainer, 2);
    await trainer.overlays();
    expect(engine.tensorCount()).toBe(during);
    trainer.dispose();
    expect(engine.tensorCount()).toBe(before);
  });

  it('names the largest batch that the adapter can bind', async () => {
    const huge = makeConfig(config, { batchSize: 1200, prototypes: 16 });
    await expect(createTrainer({ engine, config: huge, images: sampleScenes(1200, 0) })).rejects.toThrow(
      /A batch of 1200 images at 32×32 pixels .* The largest that fits is \d+\./,
    );
  });

  it('has equal results on crops computed on the device', async () => {
    const { device } = engine.core as CompiledEngine;
    const filled = Object.create(engine, { fillDevice: { value: device } }) as Engine;
    const onHost = await createTrainer({ engine, config, images });
    const expected = await train(onHost, 4);
    // Of 2 views of 4 images, with three channels; matrices, rates and the like are few.
    const bytes = 2 * 4 * 3 * 32 ** 2 * 4;
    expect(onHost.hostBytesPerStep()).toBeGreaterThan(bytes);
    expect(onHost.hostBytesPerStep()).toBeLessThan(1.02 * bytes);
    onHost.dispose();
    const onDevice = await createTrainer({ engine: filled, config, images });
    expect(await train(onDevice, 4)).toEqual(expected);
    // Each image once, and tables.
    const once = (10 * 4 * config.workingSize ** 2) / 4;
    expect(onDevice.hostBytesPerStep()).toBeLessThan(2 * once);
    onDevice.dispose();
  });

  it('draws every watched image, with labels below the number of prototypes', async () => {
    const trainer = await createTrainer({ engine, config, images });
    const { overlays } = await trainer.overlays();
    expect(overlays.map(({ path }) => path)).toEqual([images.path(0), images.path(5)]);
    for (const { preview, grid } of overlays) {
      expect(preview.data.length).toBe(preview.width * preview.height * 3);
      expect(Math.max(...grid.prototypes)).toBeLessThan(config.prototypes);
    }
    trainer.dispose();
  });

  it('draws overlays of the configured size, in whole cells, one by one if a batch would be too large', async () => {
    const sizes: [number, number][] = [];
    for (const [overlaySize, watchedImages] of [
      [0, 2],
      [100, 2],
      [780, 2],
    ] as const) {
      const trainer = await createTrainer({
        engine,
        config: makeConfig(config, { overlaySize, watchedImages }),
        images,
      });
      const { overlays } = await trainer.overlays();
      trainer.dispose();
      for (const { preview, grid } of overlays) sizes.push([preview.width, grid.rows * grid.columns]);
    }
    expect(sizes).toEqual([48, 48, 104, 104, 784, 784].map((size) => [size, (size / config.outputStride) ** 2]));
  });

  it('measures health; student and teacher agree before the first step', async () => {
    const trainer = await createTrainer({ engine, config, images });
    const { measures, lines } = (await trainer.overlays()).health;
    expect(measures.agreement).toBe(1);
    expect(measures).not.toHaveProperty('effectiveRank');
    expect(lines).toHaveLength(5);
    await train(trainer, 3);
    const later = (await trainer.overlays()).health;
    expect(later.measures.agreement).toBeLessThan(1);
    expect(later.measures.effectiveRank).toBeGreaterThan(1);
    expect(later.lines).toHaveLength(7);
    trainer.dispose();
  });

  it('draws the same overlays from its checkpoint, and leaves no tensor behind', async () => {
    const trainer = await createTrainer({ engine, config, images });
    await train(trainer, 2);
    const expected = await trainer.overlays();
    const checkpoint = await trainer.checkpoint();
    trainer.dispose();
    const before = engine.tensorCount();
    const drawn = await withCheckpointModel(engine, checkpoint, async (model) => {
      const inference = createOverlayInference(engine, model);
      const watched = await drawOverlays(inference, images, 2);
      inference.dispose();
      return watched;
    });
    expect(drawn).toEqual(expected);
    expect(engine.tensorCount()).toBe(before);
  });

  it('restores the last good state if the loss is not finite', async () => {
    const trainer = await createTrainer({ engine, config, images });
    await train(trainer, 2);
    const good = await trainer.checkpoint();
    await train(trainer, 1);
    // A bad update shows in the loss of the next step: this one stands for it.
    const [victim] = trainer.model.student;
    engine.write(victim.variable, new Float32Array(sizeOf(victim.variable.shape)).fill(NaN));
    await expect(trainer.next()).rejects.toThrow(/In step 4 .* is not finite.*after step 2 was kept/);
    expect(trainer.step()).toBe(2);
    expect((await trainer.checkpoint()).tensors).toEqual(good.tensors);
    trainer.dispose();
  });
});

describe('refuses', () => {
  const start = (overrides: Partial<Parameters<typeof createTrainer>[0]>): Promise<Trainer> =>
    createTrainer({ engine, config, images, ...overrides });

  it('fewer images than a batch, with the numbers', async () => {
    await expect(start({ images: sampleScenes(3, 0) })).rejects.toThrow(/3 usable images, one batch needs 4/);
  });

  it('a checkpoint of another architecture, or with NaNs, naming the tensor', async () => {
    const before = engine.tensorCount();
    const trainer = await start({});
    const checkpoint = await trainer.checkpoint();
    trainer.dispose();
    const wider = makeConfig(config, { outDim: 16 });
    await expect(start({ config: wider, resume: checkpoint })).rejects.toThrow(/"projector_q\.mlp\.6\.weight" is 8×8/);

    const tensors = new Map<string, StoredTensor>(checkpoint.tensors);
    tensors.set('center', { dtype: 'F32', shape: [1, 4], data: Float32Array.of(0, NaN, 0, 0) });
    const damaged = readCheckpoint(writeCheckpoint({ ...checkpoint, tensors }));
    await expect(start({ resume: damaged })).rejects.toThrow(/"center" holds NaN at position 1 of 4/);
    expect(engine.tensorCount()).toBe(before);
  });
});

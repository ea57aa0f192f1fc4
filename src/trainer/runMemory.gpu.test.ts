import { expect, it } from 'vitest';
import { openCheckpointFile } from '../checkpoint/openFile.ts';
import { writeSlotCon } from '../checkpoint/exports/slotcon.ts';
import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import { stepImages } from '../config/batchSize.ts';
import type { Config } from '../config/fields.ts';
import { makeConfig } from '../config/parse.ts';
import { presetConfig } from '../config/presets.ts';
import { sampleScenes } from '../data/scenes/samples.ts';
import { countSlots } from '../domain/slotCounts.ts';
import { totalBytes } from '../domain/runMemory.ts';
import { defined } from '../lib/defined.ts';
import { joinChunks } from '../lib/joinChunks.ts';
import { countBytes } from '../testing/countBytes.ts';
import { testDevice } from '../testing/gpu.ts';
import { PUBLISHED_SHAPES, publishedShapes } from '../testing/publishedShapes.ts';
import { SMALL_RUN } from '../testing/smallNetwork.ts';
import { testEngine } from '../testing/testEngine.ts';
import { planRun } from './runMemory.ts';
import { createTrainer } from './trainer.ts';

const opened = testEngine('compiled');
const MEBIBYTE = 2 ** 20;

/** Bytes that a run was told to take, and those that it takes after three steps, when all of its memory is in use. */
async function toldAndTaken(config: Config, resume?: Checkpoint) {
  const engine = opened();
  const told = totalBytes(defined(await planRun(engine, config), 'plan'));
  const count = countBytes(testDevice());
  try {
    const images = sampleScenes(stepImages(config), 0);
    const trainer = await createTrainer({ engine, config, images, ...(resume ? { resume } : {}) });
    const first = await trainer.next({ ahead: true });
    await trainer.next({ ahead: true });
    await trainer.settle();
    const taken = count.now();
    const { overlays } = resume ? await trainer.overlays() : { overlays: [] };
    trainer.dispose();
    return { told, taken, first, overlays };
  } finally {
    count.stop();
  }
}

it.each([
  ['tiny', {}],
  ['quick', {}],
  // Sums of gradients that don't fit beside the weights.
  ['tiny', { accumulate: 3, optimizer: 'adamw', hiddenDim: 1024, cropSize: 32, batchSize: 2 }],
] as const)('%s with %j takes the memory that is told before', async (name, change) => {
  const { told, taken } = await toldAndTaken(makeConfig(presetConfig(name), change));
  expect(taken / told, `${taken / MEBIBYTE} of ${told / MEBIBYTE} MiB`).toBeGreaterThan(0.99);
  expect(taken / told).toBeLessThan(1.05);
});

/**
 * The published networks, all parts narrower where the whole size isn't asked for: `FULL_SIZE=1` takes four minutes on two cores.
 */
const NARROW = { width: 1 / 16, hiddenDim: 64, outDim: 32, prototypes: 256 };
const SIZE = process.env.FULL_SIZE === '1' ? PUBLISHED_SHAPES : NARROW;

it('a file of the published code loads, segments, and trains a step in the memory that is told', async () => {
  const file = openCheckpointFile(joinChunks(writeSlotCon(publishedShapes(SIZE))));
  const { checkpoint } = defined(file.kind === 'checkpoint' ? file : undefined, 'checkpoint');
  expect(checkpoint.config).toMatchObject({ ...PUBLISHED_SHAPES, ...SIZE });
  const config = makeConfig(checkpoint.config, { batchSize: 2, cropSize: 64, workingSize: 64, watchedImages: 2 });
  const { told, taken, first, overlays } = await toldAndTaken(config, checkpoint);
  expect([first.step, Number.isFinite(first.loss)]).toEqual([checkpoint.position.step + 1, true]);
  expect(taken / told, `${taken / MEBIBYTE} of ${told / MEBIBYTE} MiB`).toBeGreaterThan(0.99);
  expect(taken / told).toBeLessThan(1.05);
  expect(overlays).toHaveLength(2);
  for (const { grid } of overlays)
    expect(countSlots(grid, 256).filter((pixels) => pixels > 0).length).toBeGreaterThan(1);
});

it('says what to lower where not even one image fits', async () => {
  const change = { ...SMALL_RUN, batchSize: 1, cropSize: 1024, width: 2 };
  await expect(planRun(opened(), makeConfig(presetConfig('tiny'), change))).rejects.toThrow(
    /A batch of 1 images at 1024×1024 pixels .* Lower "Crop size", "Width" or "Hidden width"\./,
  );
});

import type { Position } from '../checkpoint/checkpoint.ts';
import { twoCrops } from '../data/augment/augment.ts';
import { stepImages } from '../config/batchSize.ts';
import type { ImageSource } from '../domain/images.ts';
import { createGpuAugmenter } from '../gpu/augment/augment.ts';
import type { Random } from '../lib/random.ts';
import type { Engine } from '../ops/engine.ts';
import type { Model } from '../slotcon/model.ts';
import { drawBatch } from './gpuBatches.ts';
import { normalizePixels } from '../data/normalize.ts';
import { alignmentOf, assembleBatch, type Batch } from './batch.ts';

/** The batches of a run, in order. */
export interface Batches {
  /**
   * Returns the batch of a step, or that of one of its pieces; repeated calls return the same one. May be called while another
   * batch is in use.
   */
  get(position: Position, piece?: number): Promise<Batch>;
  after(position: Position): Position;
  dispose(): void;
}

/** Max bytes of images on the device. */
const CACHE_BYTES = 512 * 2 ** 20;

/**
 * Shuffles the images every epoch; drops the last, incomplete step as in the reference. Crops are computed on the device
 * if the engine has one for that, else on this thread, with equal results.
 */
export async function createBatches(engine: Engine, model: Model, images: ImageSource, root: Random): Promise<Batches> {
  const { batchSize } = model.config;
  const perStep = stepImages(model.config);
  const stepsPerEpoch = Math.floor(images.count / perStep);
  const maker = engine.fillDevice
    ? await createDeviceMaker(engine.fillDevice, model, images)
    : createHostMaker(model, images);
  let order: { epoch: number; indices: readonly number[] } | undefined;
  let drawn: { key: string; batch: Promise<Batch> } | undefined;

  const draw = ({ epoch, batch }: Position, piece: number): Promise<Batch> => {
    if (order?.epoch !== epoch) order = { epoch, indices: root.fork(`order/${epoch}`).permutation(images.count) };
    const first = batch * perStep + piece * batchSize;
    const indices = order.indices.slice(first, first + batchSize);
    return maker.make(indices, (index) => root.fork(`crop/${epoch}/${index}`));
  };
  return {
    get: (position, piece = 0) => {
      const key = `${position.epoch}/${position.batch}/${piece}`;
      if (drawn?.key !== key) drawn = { key, batch: draw(position, piece) };
      return drawn.batch;
    },
    after: ({ step, epoch, batch }) =>
      batch + 1 < stepsPerEpoch
        ? { step: step + 1, epoch, batch: batch + 1 }
        : { step: step + 1, epoch: epoch + 1, batch: 0 },
    dispose: maker.dispose,
  };
}

interface BatchMaker {
  make(indices: readonly number[], randomOf: (index: number) => Random): Promise<Batch>;
  dispose(): void;
}

function createHostMaker(model: Model, images: ImageSource): BatchMaker {
  const { config } = model;
  return {
    make: async (indices, randomOf) => {
      const samples = await Promise.all(
        indices.map(async (index) => twoCrops(await images.get(index), config, randomOf(index))),
      );
      return assembleBatch(model, samples, config.cropSize, config.cropSize);
    },
    dispose: () => undefined,
  };
}

async function createDeviceMaker(device: GPUDevice, model: Model, images: ImageSource): Promise<BatchMaker> {
  const { config } = model;
  const { cropSize, batchSize } = config;
  const augmenter = await createGpuAugmenter(device, {
    cropSize,
    maxBatch: batchSize,
    cacheBytes: CACHE_BYTES,
    normalize: normalizePixels,
  });
  return {
    make: async (indices, randomOf) => {
      const { items, places } = await drawBatch(augmenter, images, indices, config, randomOf);
      const size = { count: items.length, height: cropSize, width: cropSize };
      const alignment = alignmentOf(model, places, size);
      return { ...size, alignment, images: (pass, target) => augmenter.encode(pass, items, target) };
    },
    dispose: () => augmenter.destroy(),
  };
}

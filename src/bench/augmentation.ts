import type { Config } from '../config/fields.ts';
import { makeConfig } from '../config/parse.ts';
import { presetConfig } from '../config/presets.ts';
import { applyView, drawViews } from '../data/augment/augment.ts';
import type { RgbImage } from '../domain/images.ts';
import { createGpuAugmenter } from '../gpu/augment/augment.ts';
import { readBuffer } from '../gpu/readBuffer.ts';
import { createRandom, type Random } from '../lib/random.ts';
import { normalizePixels } from '../data/normalize.ts';
import type { Bench, Benchmark } from './bench.ts';
import { race } from './race.ts';
import { toRow } from './report.ts';
import { checkSameNumbers } from './sides.ts';

const CACHE_BYTES = 1 << 26;

const CASES: readonly { readonly name: string; readonly config: () => Config }[] = [
  { name: 'quick', config: () => presetConfig('quick') },
  { name: 'paper, batch 8', config: () => makeConfig(presetConfig('paper'), { batchSize: 8 }) },
];

/** A batch of normalized views from images in memory, on the GPU against the plain code. */
export const AUGMENTATION_BENCHMARKS: readonly Benchmark[] = CASES.map(({ name, config }) => ({
  name: `augmentation/${name}`,
  run: (bench) => compare(bench, `augmentation/${name}`, config()),
}));

async function compare(bench: Bench, name: string, config: Config): Promise<void> {
  const { device, rounds, clock } = bench;
  const { cropSize, batchSize, workingSize } = config;
  const random = createRandom('bench/augmentation');
  const images = Array.from({ length: batchSize }, () =>
    noise(workingSize + random.integer(workingSize / 2), workingSize, random),
  );
  const options = { cropSize, maxBatch: batchSize, cacheBytes: CACHE_BYTES, normalize: normalizePixels };
  const augmenter = await createGpuAugmenter(device, options);
  images.forEach((image, index) => augmenter.store(index, image));
  const floats = 2 * batchSize * cropSize * cropSize * 3;
  const target = device.createBuffer({ size: 4 * floats, usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC });
  const plans = images.map(({ width, height }, index) =>
    drawViews(width, height, config, random.fork(`crop/${index}`)),
  );
  const batch = plans.map((views, image) => ({ image, views }));
  const views = new Float32Array(floats);

  const onGpu = async (times: number): Promise<void> => {
    for (let turn = 0; turn < times; turn++) {
      images.forEach((_, index) => augmenter.hold(index));
      const encoder = device.createCommandEncoder();
      const pass = encoder.beginComputePass();
      augmenter.encode(pass, batch, { buffer: target, offset: 0 });
      pass.end();
      device.queue.submit([encoder.finish()]);
    }
    await device.queue.onSubmittedWorkDone();
  };
  const plain = async (times: number): Promise<void> => {
    const pixels = cropSize * cropSize * 3;
    for (let turn = 0; turn < times; turn++) {
      ([0, 1] as const).forEach((view) =>
        images.forEach((image, index) => {
          const row = view * batchSize + index;
          normalizePixels(applyView(image, plans[index][view]), views.subarray(row * pixels, (row + 1) * pixels));
        }),
      );
    }
  };
  try {
    const times = await race({ ours: onGpu, peer: plain }, rounds, clock);
    checkSameNumbers('the plain code', await readBuffer(device, target), views);
    bench.add(toRow(name, 'ms', times.ours, 'plain code', times.peer));
  } finally {
    augmenter.destroy();
    target.destroy();
  }
}

function noise(width: number, height: number, random: Random): RgbImage {
  return { width, height, data: Uint8Array.from({ length: width * height * 3 }, () => random.integer(256)) };
}

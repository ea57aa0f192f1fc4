import { afterAll, describe, expect, test } from 'vitest';
import { applyView, type ColorStep, drawViews, type ViewPlan } from '../../data/augment/augment.ts';
import type { RgbImage } from '../../domain/images.ts';
import { FIELDS } from '../../config/fields.ts';
import { createRandom } from '../../lib/random.ts';
import { normalizePixels } from '../../data/normalize.ts';
import { type AugmentItem, createGpuAugmenter, type GpuAugmenter } from './augment.ts';
import { readBuffer } from '../readBuffer.ts';
import { needsGpu, testDevice } from '../../testing/gpu.ts';

const defaults = Object.fromEntries(Object.entries(FIELDS).map(([name, field]) => [name, field.default]));

/** Smooth colors with noise in places, so that hues, grays and extremes all occur. */
function imageOf(width: number, height: number, seed: string): RgbImage {
  const random = createRandom(`${seed}/${width}×${height}`);
  const [a, b, c] = [random.uniform(1, 9), random.uniform(1, 9), random.uniform(0, 6)];
  const data = Uint8Array.from({ length: width * height * 3 }, (_, at) => {
    const [x, y] = [(Math.floor(at / 3) % width) / width, Math.floor(at / 3 / width) / height];
    if (x + y > 1.6) return random.integer(256);
    if (x > 0.8) return Math.round(y * 255);
    return Math.max(0, Math.min(255, Math.round(128 + 160 * Math.sin(a * x + b * y + c + (at % 3) * 2))));
  });
  return { width, height, data };
}

describe('the augmentation on the GPU', () => {
  needsGpu();
  const augmenters = new Map<string, GpuAugmenter>();
  let storedCount = 0;
  afterAll(() => augmenters.forEach((augmenter) => augmenter.destroy()));

  async function augmenterFor(cropSize: number, cacheBytes = 1 << 22): Promise<GpuAugmenter> {
    const key = `${cropSize}/${cacheBytes}`;
    const known = augmenters.get(key);
    if (known) return known;
    const made = await createGpuAugmenter(testDevice(), {
      cropSize,
      maxBatch: 40,
      cacheBytes,
      normalize: normalizePixels,
    });
    augmenters.set(key, made);
    return made;
  }

  /** Encodes a batch between guard values and reads it back. */
  async function views(augmenter: GpuAugmenter, batch: readonly AugmentItem[], floats: number): Promise<Float32Array> {
    const device = testDevice();
    const offset = 37;
    const bytes = (offset + floats + 5) * 4;
    const buffer = device.createBuffer({ size: bytes, usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC });
    const encoder = device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    augmenter.encode(pass, batch, { buffer, offset });
    pass.end();
    device.queue.submit([encoder.finish()]);
    const all = await readBuffer(device, buffer);
    buffer.destroy();
    expect(all.subarray(0, offset).every((value) => value === 0)).toBe(true);
    expect(all.subarray(offset + floats).every((value) => value === 0)).toBe(true);
    return all.subarray(offset, offset + floats);
  }

  /** Compares with the plain code, image i being index i of the cache: every value must be equal. */
  async function expectSame(
    images: readonly RgbImage[],
    plans: readonly (readonly [ViewPlan, ViewPlan])[],
    augmenter?: GpuAugmenter,
  ): Promise<void> {
    const { size } = plans[0][0];
    const own = augmenter ?? (await augmenterFor(size));
    const floats = size * size * 3;
    const base = storedCount;
    storedCount += images.length;
    images.forEach((image, index) => own.store(base + index, image));
    const batch = plans.map((pair, index) => ({ image: base + index, views: pair }));
    const ours = await views(own, batch, 2 * plans.length * floats);
    const plain = new Float32Array(ours.length);
    for (const view of [0, 1] as const)
      plans.forEach((pair, index) => {
        const row = view * plans.length + index;
        normalizePixels(applyView(images[index], pair[view]), plain.subarray(row * floats, (row + 1) * floats));
      });
    let differing = 0;
    let maxLevels = 0;
    ours.forEach((value, at) => {
      if (value === plain[at]) return;
      differing++;
      // Levels of a channel are 1/(255 · std) apart.
      maxLevels = Math.max(maxLevels, Math.abs(value - plain[at]) * 255 * [0.229, 0.224, 0.225][at % 3]);
    });
    expect({ differing, maxLevels, of: ours.length }).toEqual({ differing: 0, maxLevels: 0, of: plain.length });
  }

  const plan = (box: readonly [number, number, number, number], size: number, rest: Partial<ViewPlan>): ViewPlan => {
    const [top, left, height, width] = box;
    return {
      box: { top, left, height, width },
      size,
      flip: false,
      coords: [0, 0, 1, 1],
      colors: [],
      solarize: false,
      ...rest,
    };
  };

  test.each([16, 33, 64])('crops and resizes to %i px', async (size) => {
    const boxes = [
      [61, 47, [0, 0, 61, 47], [10, 5, 1, 1]],
      [1, 1, [0, 0, 1, 1], [0, 0, 1, 1]],
      [3, 200, [1, 7, 2, 190], [0, 199, 3, 1]],
      [300, 2, [0, 0, 300, 2], [299, 0, 1, 2]],
      [97, 130, [3, 2, 91, 17], [40, 60, 5, 70]],
    ] as const;
    const images = boxes.map(([height, width]) => imageOf(width, height, 'crop'));
    const plans = boxes.map(([, , a, b]) => [plan(a, size, {}), plan(b, size, { flip: true })] as const);
    await expectSame(images, plans);
  });

  test('changes colors in every order', async () => {
    const steps: readonly ColorStep[] = [
      { kind: 'brightness', factor: 1.3 },
      { kind: 'contrast', factor: 0.71 },
      { kind: 'saturation', factor: 1.2 },
      { kind: 'hue', turns: -0.08 },
    ];
    const orders = permutations(steps);
    expect(orders.length).toBe(24);
    const images = orders.map((_, index) => imageOf(40 + index, 50, 'orders'));
    const plans = orders.map((colors, index) => {
      const other = [...colors.slice(index % 5), { kind: 'gray' } as const];
      return [plan([0, 0, 50, 40], 32, { colors }), plan([5, 3, 30, 37], 32, { colors: other })] as const;
    });
    await expectSame(images, plans);
  });

  test('turns every hue by every step', async () => {
    // Crops of their own size are left alone by the resizing: all pairs of levels, the third running along.
    const images = Array.from({ length: 32 }, (_, index) => hues(index));
    const plans = images.map((_, index) => {
      const turn = (turns: number): ViewPlan => plan([0, 0, 64, 64], 64, { colors: [{ kind: 'hue', turns }] });
      return [turn((index - 16) / 32), turn(index / 255)] as const;
    });
    await expectSame(images, plans);
  });

  test('blends like the plain code at factors from 0 to 2', async () => {
    const kinds = ['brightness', 'contrast', 'saturation'] as const;
    const random = createRandom('factors');
    const plans = Array.from({ length: 30 }, (_, index) => {
      const blended = (factor: number): ViewPlan =>
        plan([0, 0, 64, 64], 64, { colors: [{ kind: kinds[index % 3], factor }] });
      return [blended(index / 15), blended(random.uniform(0.6, 1.4))] as const;
    });
    await expectSame(
      plans.map((_, index) => hues(7 * index)),
      plans,
    );
  });

  test('blurs and solarizes', async () => {
    const sigmas = [0, 0.1, 0.3, 0.5, 0.8, 1.1, 1.4, 1.7, 2, 3.3, 10];
    for (const size of [20, 64]) {
      const plans = sigmas.map((blurSigma) => {
        const both = { blurSigma, solarize: true, flip: true };
        return [plan([2, 4, 60, 41], size, { blurSigma }), plan([0, 0, 64, 50], size, both)] as const;
      });
      await expectSame(
        sigmas.map((_, index) => imageOf(50, 64, `blur ${index}`)),
        plans,
      );
    }
  });

  test('makes views at random, published and extreme amounts', async () => {
    const strong = { jitterBrightness: 1, jitterContrast: 1, jitterSaturation: 1, jitterHue: 0.5, blurSigmaMax: 10 };
    for (const settings of [{}, { ...strong, blurProbability2: 0.5, solarizeProbability2: 0.5, minScale: 0.01 }]) {
      const config = { ...defaults, cropSize: 48, ...settings } as unknown as Parameters<typeof drawViews>[2];
      const random = createRandom('drawn');
      const sizes = Array.from({ length: 40 }, () => [20 + random.integer(120), 20 + random.integer(120)] as const);
      const images = sizes.map(([width, height], index) => imageOf(width, height, `drawn ${index}`));
      const plans = sizes.map(([width, height], index) =>
        drawViews(width, height, config, random.fork(`crop/0/${index}`)),
      );
      await expectSame(images, plans);
    }
  });

  test('takes images from several pages, of many sizes', async () => {
    // Everything is held at once, far beyond the budget; the filter weights outgrow their first buffer.
    const augmenter = await augmenterFor(64, 1);
    for (const round of [0, 1]) {
      const sizes = Array.from({ length: 30 }, (_, index) => [150 + index * 9, 420 - index * 5 - round] as const);
      const plans = sizes.map(([width, height]) => {
        const inner = [1, 2, height - 3, width - 2] as const;
        return [plan([0, 0, height, width], 64, {}), plan(inner, 64, { flip: true })] as const;
      });
      await expectSame(
        sizes.map(([width, height], index) => imageOf(width, height, `page ${index}`)),
        plans,
        augmenter,
      );
    }
  });

  test('rejects images that are not stored, boxes beyond the image, a second contrast', async () => {
    const augmenter = await augmenterFor(16);
    augmenter.store(-1, imageOf(9, 8, 'refused'));
    const device = testDevice();
    const encoder = device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    const buffer = device.createBuffer({ size: 4, usage: GPUBufferUsage.STORAGE });
    const encode = (image: number, view: ViewPlan) => (): void =>
      augmenter.encode(pass, [{ image, views: [view, view] }], { buffer, offset: 0 });
    const contrast = { kind: 'contrast', factor: 1 } as const;
    expect(encode(-2, plan([0, 0, 8, 9], 16, {}))).toThrow(/-2 is not on the GPU/);
    expect(encode(-1, plan([0, 1, 8, 9], 16, {}))).toThrow(RangeError);
    expect(encode(-1, plan([0, 0, 8, 9], 16, { colors: [contrast, contrast] }))).toThrow(/more than once/);
    expect(() => augmenter.encode(pass, [], { buffer, offset: 0 })).toThrow(RangeError);
    buffer.destroy();
  });
});

/** 64 × 64 colors out of the cube; another `index`, other colors. */
function hues(index: number): RgbImage {
  const data = new Uint8Array(64 * 64 * 3);
  for (let at = 0; at < 64 * 64; at++) {
    data[3 * at] = (at % 64) * 4 + (index % 4);
    data[3 * at + 1] = Math.floor(at / 64) * 4 + (Math.floor(index / 4) % 4);
    data[3 * at + 2] = (index * 37 + at * 29) % 256;
  }
  return { width: 64, height: 64, data };
}

function permutations<T>(items: readonly T[]): T[][] {
  if (items.length === 0) return [[]];
  return items.flatMap((item, at) =>
    permutations(items.filter((_, other) => other !== at)).map((rest) => [item, ...rest]),
  );
}

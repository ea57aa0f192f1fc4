import { describe, expect, it } from 'vitest';
import { makeConfig } from '../config/parse.ts';
import { presetConfig } from '../config/presets.ts';
import { createWorkingCopies } from '../data/workingCopies/workingCopies.ts';
import { imageFile } from '../testing/images.ts';
import type { ImageSource } from '../domain/images.ts';
import { sampleScene } from '../data/scenes/samples.ts';
import { cropResize } from '../data/resample.ts';
import { createRandom } from '../lib/random.ts';
import { SMALL_NETWORK } from '../testing/smallNetwork.ts';
import { drawOverlays } from './overlays.ts';
import { segmentationSize, type Segmenter } from './segmenter.ts';
import { coverWithSquares } from './squareCover.ts';
import { segmentWholeImages, type WholeMask } from './wholeImages.ts';
import type { Model } from '../slotcon/model.ts';
import type { OverlayInference } from './overlayInference.ts';

const config = makeConfig(presetConfig('tiny'), { ...SMALL_NETWORK, watchedImages: 9 });
const size = segmentationSize(config);

describe('coverWithSquares', () => {
  it.each([
    [1, 1],
    [48, 48],
    [49, 48],
    [50, 48],
    [96, 48],
    [97, 48],
    [144, 48],
    [145, 48],
    [1000, 7],
  ])('covers every pixel of %i×%i once, by squares within it', (longer, shorter) => {
    const squares = coverWithSquares(longer, shorter);
    const covered = new Uint8Array(longer);
    for (const { start, from, to } of squares) {
      expect(start).toBeGreaterThanOrEqual(0);
      expect(start + shorter).toBeLessThanOrEqual(longer);
      expect(from).toBeGreaterThanOrEqual(start);
      expect(to).toBeLessThanOrEqual(start + shorter);
      expect(to).toBeGreaterThan(from);
      for (let at = from; at < to; at++) covered[at] += 1;
    }
    expect(covered.every((times) => times === 1)).toBe(true);
    expect(squares[0].to - squares[0].from).toBe(shorter);
    expect(Math.abs(squares[0].start - (longer - shorter) / 2)).toBeLessThanOrEqual(0.5);
    const starts = squares.map(({ start }) => start);
    expect([Math.min(...starts), Math.max(...starts)]).toEqual([0, longer - shorter]);
    expect(squares.length).toBeLessThanOrEqual(longer / shorter + 2);
  });
});

/** Segmenter whose dots depend on the colors of cells; records the number of images of each pass. */
function colorSegmenter(): { segmenter: Segmenter; passes: number[] } {
  const passes: number[] = [];
  const random = createRandom('directions');
  const directions = Array.from({ length: config.prototypes * 3 }, () => random.normal());
  const run: Segmenter['run'] = async (images) => {
    passes.push(images.length);
    const cells = size / CELL;
    const dots = new Float32Array(images.length * cells * cells * config.prototypes);
    images.forEach((image, index) => {
      expect([image.width, image.height]).toEqual([size, size]);
      for (let cell = 0; cell < cells * cells; cell++) {
        const at = 3 * (Math.floor(cell / cells) * CELL * size + (cell % cells) * CELL);
        for (let k = 0; k < config.prototypes; k++) {
          const dot = [0, 1, 2].reduce((sum, c) => sum + directions[3 * k + c] * (image.data[at + c] - 110), 0);
          dots[(index * cells * cells + cell) * config.prototypes + k] = dot;
        }
      }
    });
    return { dots, height: cells, width: cells };
  };
  return { segmenter: { run, dispose: () => undefined }, passes };
}

const CELL = 4;
const { segmenter, passes } = colorSegmenter();
/** Inference for overlays, of which only the dots matter here. */
const inference: OverlayInference = {
  model: { config } as Model,
  run: async (images) => {
    const output = await segmenter.run(images);
    const z = new Float32Array(images.length * output.height * output.width * config.outDim).fill(1);
    return { ...output, studentDots: output.dots, z };
  },
  dispose: () => undefined,
};

/** Sample scenes of these sizes. */
async function scenesOf(sizes: readonly (readonly [width: number, height: number])[]): Promise<ImageSource> {
  const cache = createWorkingCopies('test');
  for (const [index, [width, height]] of sizes.entries()) {
    const { image } = sampleScene(0, index, 96);
    const box = { top: 0, left: 0, width: 96, height: 96 };
    await cache.add(imageFile(`${index}.png`, index), cropResize(image, box, height, width, 'bilinear'));
  }
  return cache.asSource();
}

async function masksOf(images: ImageSource, onProgress?: (done: number) => void): Promise<WholeMask[]> {
  const masks: WholeMask[] = [];
  for await (const mask of segmentWholeImages(segmenter, config, images, onProgress)) masks.push(mask);
  return masks;
}

describe('segmentWholeImages', () => {
  it('equals the overlay in the central square, for any shape of image', async () => {
    const long = [size + 1, 2 * size, 3 * size + 5];
    const images = await scenesOf([
      [size, size],
      ...long.map((l) => [l, size] as const),
      ...long.map((l) => [size, l] as const),
    ]);
    const masks = await masksOf(images);
    const { overlays } = await drawOverlays(inference, images, 1);
    expect(new Set(overlays[0].labels).size).toBeGreaterThan(1);
    overlays.forEach((overlay, index) => {
      const { imageIndex, width, height, labels } = masks[index];
      expect(imageIndex).toBe(index);
      const [center] = coverWithSquares(Math.max(width, height), size);
      const [top, left] = width < height ? [center.start, 0] : [0, center.start];
      const square = overlay.labels.map((_, at) => labels[(top + Math.floor(at / size)) * width + left + (at % size)]);
      expect(square).toEqual(overlay.labels);
    });
  });

  it('yields masks of the working copies’ sizes, in order, and reports progress', async () => {
    const sizes = [
      [30, 20],
      [20, 90],
      [7, 7],
      [1, 12],
      [size, size],
    ] as const;
    const images = await scenesOf(sizes);
    const progress: number[] = [];
    const masks = await masksOf(images, (done) => progress.push(done));
    expect(masks.map(({ width, height, labels }) => [width, height, labels.length])).toEqual(
      sizes.map(([width, height]) => [width, height, width * height]),
    );
    // One program for all passes.
    expect(new Set(passes.slice(-3))).toEqual(new Set([8]));
    // Squares: 3, 5, 1, 12 and 1, in passes of 8.
    expect(progress.map((done) => Math.round(100 * done))).toEqual([200, 358, 500]);
  });

  it('segments an image independently of the rest of its batch', async () => {
    const [alone] = await masksOf(await scenesOf([[40, 70]]));
    const [batched] = await masksOf(
      await scenesOf([
        [40, 70],
        [size, size],
        [50, 30],
      ]),
    );
    expect(batched).toEqual(alone);
  });

  it('squeezes a long strip to a few squares, and masks all of it', async () => {
    const before = passes.length;
    const [{ width, height, labels }] = await masksOf(await scenesOf([[1500, 2]]));
    expect([width, height, labels.length]).toEqual([1500, 2, 3000]);
    expect(passes.length - before).toBeLessThanOrEqual(5);
    expect(new Set(labels).size).toBeGreaterThan(1);
  });

  it('segments the ends of a long image, not copies of its middle', async () => {
    const [{ labels, width }] = await masksOf(await scenesOf([[3 * size, size]]));
    const part = (from: number): number[] =>
      [...labels].filter((_, at) => at % width >= from && at % width < from + size);
    expect(part(0)).not.toEqual(part(size));
    expect(part(2 * size)).not.toEqual(part(size));
  });
});

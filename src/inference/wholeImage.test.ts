import { describe, expect, it } from 'vitest';
import { makeConfig } from '../config/parse.ts';
import { presetConfig } from '../config/presets.ts';
import { cropResize } from '../data/resample.ts';
import { sampleScene } from '../data/scenes/samples.ts';
import { createWorkingCopies } from '../data/workingCopies/workingCopies.ts';
import type { ImageSource, RgbImage } from '../domain/images.ts';
import { coarseLabels, createSlotGrid, slotLabels, wholeWindow } from '../domain/slotGrid.ts';
import { createRandom } from '../lib/random.ts';
import type { Engine } from '../ops/engine.ts';
import type { Model } from '../slotcon/model.ts';
import { imageFile } from '../testing/images.ts';
import { SMALL_NETWORK } from '../testing/smallNetwork.ts';
import { createEdgeFilter } from './edges/edgeFilter.ts';
import type { OverlayInference } from './overlayInference.ts';
import { drawOverlays } from './overlays.ts';
import { overlaySize, type Segmenter } from './segmenter.ts';
import { allImages, segmentWholeImages, type SegmentedImage } from './slotGrids.ts';
import { countSquares, coverImage, joinSquares } from './wholeImage.ts';

const config = makeConfig(presetConfig('tiny'), { ...SMALL_NETWORK, watchedImages: 9 });
const size = overlaySize(config);
const stride = config.outputStride;
const units = size / stride;
/** The small network's cells are smaller than the settings allow. */
const cells = 2 * units;

/** Sample scene stretched to this size. */
function sceneOf(width: number, height: number, index = 0): RgbImage {
  const { image } = sampleScene(0, index, 96);
  return cropResize(image, { top: 0, left: 0, width: 96, height: 96 }, height, width, 'bilinear');
}

describe('coverImage', () => {
  it.each([
    [96, 96],
    [97, 96],
    [144, 96],
    [96, 128],
    [200, 40],
    [3, 500],
  ])('covers every cell of %i×%i by few squares, and joins what a cell alone decides', (width, height) => {
    const cover = coverImage(sceneOf(width, height), size, stride);
    const { squares, image } = cover;
    expect([image.width, image.height]).toEqual([cover.columns * stride, cover.rows * stride]);
    const [rows, columns] = [2 * cover.rows, 2 * cover.columns];
    expect(squares).toHaveLength(countSquares({ width, height }, units));
    expect(squares.length).toBeLessThanOrEqual(Math.max(width, height) / Math.min(width, height) + 1);
    // Dots that name the place of a cell in the image: joined, they must name it still.
    const parts = squares.map((square) => {
      expect([square.image.width, square.image.height]).toEqual([size, size]);
      return Float32Array.from({ length: cells * cells * 2 }, (_, at) => {
        const [y, x] = [Math.floor(at / 2 / cells), Math.floor(at / 2) % cells];
        const along = 2 * square.start + (rows > columns ? y : x);
        return at % 2 === 0 ? along : Math.max(rows, columns) - 1.5 - along;
      });
    });
    const joined = joinSquares(cover, parts, 2);
    expect([joined.rows, joined.columns]).toEqual([rows, columns]);
    const grid = createSlotGrid(joined.dots, 2, rows, columns);
    const labels = slotLabels(grid, wholeWindow(columns, rows));
    labels.forEach((label, at) => {
      const along = rows > columns ? Math.floor(at / columns) : at % columns;
      expect(label).toBe(along > Math.max(rows, columns) - 1.5 - along ? 0 : 1);
    });
  });

  it('shows a square image as it is resized', () => {
    const image = sceneOf(96, 96);
    const { squares } = coverImage(image, size, stride);
    const resized = cropResize(image, { top: 0, left: 0, width: 96, height: 96 }, size, size, 'bilinear');
    expect(squares.map((square) => square.image)).toEqual([resized]);
  });
});

/** Segmenter whose dots depend on the colors of cells; records the number of images of each pass. */
function colorSegmenter(): { segmenter: Segmenter; passes: number[] } {
  const passes: number[] = [];
  const random = createRandom('directions');
  const directions = Array.from({ length: config.prototypes * 3 }, () => random.normal());
  const run: Segmenter['run'] = (images) => {
    passes.push(images.length);
    const dots = new Float32Array(images.length * cells * cells * config.prototypes);
    images.forEach(({ data }, index) => {
      for (let cell = 0; cell < cells * cells; cell++) {
        const at = 3 * (Math.floor(cell / cells) * (stride / 2) * size + (cell % cells) * (stride / 2));
        for (let k = 0; k < config.prototypes; k++) {
          const dot = [0, 1, 2].reduce((sum, c) => sum + directions[3 * k + c] * (data[at + c] - 110), 0);
          dots[(index * cells * cells + cell) * config.prototypes + k] = dot;
        }
      }
    });
    return Promise.resolve({ dots, height: cells, width: cells });
  };
  return { segmenter: { run, dispose: () => undefined }, passes };
}

const { segmenter, passes } = colorSegmenter();
/** Without a device. */
const edges = createEdgeFilter({} as Engine);
/** Inference for overlays, of which only the dots matter here. */
const inference: OverlayInference = {
  model: { config } as Model,
  run: async (images) => {
    const output = await segmenter.run(images);
    const z = new Float32Array(images.length * output.height * output.width * config.outDim).fill(1);
    return { ...output, studentDots: output.dots, z };
  },
  edges: () => edges,
  dispose: () => undefined,
};

async function scenesOf(sizes: readonly (readonly [width: number, height: number])[]): Promise<ImageSource> {
  const cache = createWorkingCopies('test');
  for (const [index, [width, height]] of sizes.entries()) {
    await cache.add(imageFile(`${index}.png`, index), sceneOf(width, height, index));
  }
  return cache.asSource();
}

async function segmented(images: ImageSource, onProgress?: (done: number) => void): Promise<SegmentedImage[]> {
  const all: SegmentedImage[] = [];
  const whole = { segmenter, edges: await edges, config, dispose: () => undefined };
  for await (const one of segmentWholeImages(whole, images, allImages(images), onProgress)) all.push(one);
  return all;
}

describe('segmentWholeImages', () => {
  const sizes = [
    [30, 20],
    [20, 90],
    [7, 7],
    [1, 12],
    [size, size],
  ] as const;

  it('equals the overlays, for any shape of image', async () => {
    const images = await scenesOf(sizes);
    const { overlays } = await drawOverlays(inference, images, 1);
    expect(overlays.map(({ imageIndex, grid, edges }) => ({ imageIndex, grid, edges }))).toEqual(
      await segmented(images),
    );
    expect(new Set(coarseLabels(overlays[0].grid)).size).toBeGreaterThan(1);
  });

  it('yields in order, in passes of one size, and reports progress', async () => {
    const progress: number[] = [];
    const all = await segmented(await scenesOf(sizes), (done) => progress.push(done));
    expect(all.map(({ imageIndex }) => imageIndex)).toEqual([0, 1, 2, 3, 4]);
    // Squares: 2, 5, 1, 12 and 1, in passes of 8.
    expect(passes.slice(-3)).toEqual([8, 8, 8]);
    expect(progress.map((done) => Math.round(100 * done))).toEqual([300, 367, 500]);
  });

  it('segments an image independently of the rest of its batch', async () => {
    const [alone] = await segmented(await scenesOf([[40, 70]]));
    const [batched] = await segmented(await scenesOf([[40, 70], [size, size], [50, 30]])); // oxfmt-ignore
    expect(batched).toEqual(alone);
  });

  it('squeezes a long strip to a few squares, and segments all of it', async () => {
    const before = passes.length;
    const [{ grid }] = await segmented(await scenesOf([[1500, 2]]));
    expect([grid.rows, grid.columns]).toEqual([cells, 32 * cells]);
    expect(passes.length - before).toBeLessThanOrEqual(4);
    expect(new Set(coarseLabels(grid)).size).toBeGreaterThan(1);
  });
});

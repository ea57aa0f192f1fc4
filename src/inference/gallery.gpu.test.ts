import { beforeEach, expect, it } from 'vitest';
import { makeConfig } from '../config/parse.ts';
import { presetConfig } from '../config/presets.ts';
import { resizeCenterCrop } from '../data/resample.ts';
import { slotLabels, wholeWindow } from '../domain/slotGrid.ts';
import { sampleScenes } from '../data/scenes/samples.ts';
import { defined } from '../lib/defined.ts';
import { createRandom } from '../lib/random.ts';
import { segmentScores, topImages } from '../metrics/nearest.ts';
import type { Engine } from '../ops/engine.ts';
import { createModel } from '../slotcon/model.ts';
import { SMALL_NETWORK } from '../testing/smallNetwork.ts';
import { testEngine } from '../testing/testEngine.ts';
import { createGallery, similarSegments } from './gallery.ts';
import { createSegmenter, segmentationSize } from './segmenter.ts';

const config = makeConfig(presetConfig('tiny'), SMALL_NETWORK);
/** One more than a batch. */
const images = sampleScenes(17, 0);

const opened = testEngine('compiled');
let engine: Engine;
beforeEach(() => void (engine = opened()));

it('finds the images of the published viewer for every prototype, in one pass', async () => {
  const model = createModel(engine, config, createRandom(0));
  const entry = defined(model.entries.get('grouping_k.slot_embed.weight'));
  const prototypes = await engine.read(entry.variable);
  // The last prototype is nearly the first.
  const last = (config.prototypes - 1) * config.outDim;
  prototypes.copyWithin(last, 0, config.outDim);
  prototypes[last] += 0.01;
  engine.write(entry.variable, prototypes);
  const before = engine.tensorCount();
  const progress: number[] = [];
  const { gallery, segments } = await createGallery(engine, model, images, async (done) => void progress.push(done));
  expect(engine.tensorCount()).toBe(before);
  expect(progress.slice(0, 2)).toEqual([16 / 34, 0.5]);
  expect(progress).toEqual([...progress].sort((a, b) => a - b));
  expect(progress.at(-1)).toBeLessThanOrEqual(1);

  const size = segmentationSize(config);
  const squares = await Promise.all(
    Array.from({ length: 17 }, async (_, at) => resizeCenterCrop(await images.get(at), size, size, 'bilinear')),
  );
  const segmenter = createSegmenter(engine, model);
  const { dots, height, width } = await segmenter.run(squares);
  segmenter.dispose();
  const scores = segmentScores(dots, { images: 17, height, width, prototypes: config.prototypes });
  const { cards } = gallery;
  expect(cards.map(({ nearest }) => nearest.map(({ overlay }) => overlay.imageIndex))).toEqual(
    topImages(scores, config.prototypes),
  );
  expect(cards[1].nearest[0].score).toBeCloseTo(
    scores[cards[1].nearest[0].overlay.imageIndex * config.prototypes + 1],
    5,
  );
  expect(cards.reduce((sum, { usage }) => sum + usage, 0)).toBeCloseTo(1, 9);
  expect(cards.map(({ duplicateOf }) => duplicateOf?.prototype)).toEqual([
    ...new Array<undefined>(config.prototypes - 1).fill(undefined),
    0,
  ]);

  // These images are square: whole, they have the cells that were ranked.
  const [top] = [...cards].sort((a, b) => b.usage - a.usage);
  const [first] = top.nearest;
  const { imageIndex: image, grid, preview, dimensions } = first.overlay;
  const won = segments.labels.subarray(image * height * width, (image + 1) * height * width);
  expect(slotLabels(grid, wholeWindow(width, height))).toEqual(won);
  expect([preview.width, preview.height, dimensions.width]).toEqual([64, 64, 96]);
  const shown = cards.flatMap(({ nearest }) => nearest.map(({ overlay }) => overlay));
  expect(new Set(shown).size).toBe(new Set(shown.map(({ imageIndex }) => imageIndex)).size);

  // Its segments are found again from each other.
  const sought = { image, prototype: top.prototype };
  const alike = await similarSegments({ engine, model, images }, segments, sought, 24);
  expect(alike.length).toBe(Math.min(24, segments.index.count - 1));
  expect(alike.some((one) => one.overlay.imageIndex === image && one.prototype === top.prototype)).toBe(false);
  const cosines = alike.map(({ score }) => score);
  expect(cosines).toEqual([...cosines].sort((a, b) => b - a));
});

import type { Config } from '../config/fields.ts';
import { SAMPLE_SCENES } from '../config/presets.ts';
import type { RgbImage } from '../domain/images.ts';
import type { Mask } from '../data/masks/mask.ts';
import { resizeCenterCrop } from '../data/augment/resample.ts';
import { sampleScene } from '../data/scenes/samples.ts';
import { createRandom, type Random } from '../lib/random.ts';
import type { Confusion, SegmentationScores } from '../domain/scores.ts';
import { fitKMeans, nearestCenters } from '../metrics/kmeans.ts';
import { upsampleArgmax } from '../metrics/nearest.ts';
import { scoreSegmentation } from '../metrics/segmentation.ts';
import { createConfusionCounter, type ConfusionCounter } from '../metrics/confusionCounter.ts';
import type { Engine } from '../ops/engine.ts';
import type { Model } from '../slotcon/model.ts';
import { filledUp, IMAGES_PER_PASS } from './imageProgram.ts';
import { createSegmenter, segmentationSize } from './segment.ts';

/** A picture as the network sees it and what its pixels are, both the center square, each at its own size. */
export interface Pair {
  readonly image: RgbImage;
  readonly mask: { readonly size: number; readonly data: ArrayLike<number> };
}

/** Pictures with masks, read when they are asked for. */
export interface Pairs {
  readonly count: number;
  get(index: number): Pair | Promise<Pair>;
}

type OnProgress = (done: number) => Promise<void> | void;

/** Scores by the values that occur in the masks; `values[c]` is the value of class c of the confusion. */
export interface Scored {
  readonly scores: SegmentationScores;
  readonly confusion: Confusion;
  readonly values: readonly number[];
}

/** Built-in scenes that no run without images has seen. */
const HELD_OUT_SCENES = 100;

/** The center squares of a picture, as large as the network sees it, and of its mask, as large as that is. */
export function pairOf(image: RgbImage, mask: Mask, config: Config): Pair {
  const size = segmentationSize(config);
  return { image: resizeCenterCrop(image, size, size, 'bilinear'), mask: centerSquare(mask) };
}

function centerSquare({ width, height, data }: Mask): Pair['mask'] {
  const size = Math.min(width, height);
  const left = Math.floor((width - size) / 2);
  const top = Math.floor((height - size) / 2);
  const square = new Uint32Array(size * size);
  for (let y = 0; y < size; y++) {
    const start = (top + y) * width + left;
    square.set(data.subarray(start, start + size), y * size);
  }
  return { size, data: square };
}

/** The mask that comes with a sample scene. */
export function sampleMask(seed: number, index: number): Mask {
  const { image, mask } = sampleScene(seed, index);
  return { width: image.width, height: image.height, data: mask };
}

/** Built-in scenes that training without images of one's own never sees. */
export function heldOutScenes(config: Config): Pairs {
  const seed = SAMPLE_SCENES.seed + 1;
  const get = (index: number): Pair => pairOf(sampleScene(seed, index).image, sampleMask(seed, index), config);
  return { count: HELD_OUT_SCENES, get };
}

/** `most` of them, evenly spread; all of fewer. */
export function someOf(pairs: Pairs, most: number): Pairs {
  const count = Math.min(pairs.count, most);
  return { count, get: (index) => pairs.get(Math.floor((index * pairs.count) / count)) };
}

/** Scores the teacher's slots. `onProgress` hears how many pictures are done, and is waited for. */
export async function scoreTeacher(
  engine: Engine,
  model: Model,
  pairs: Pairs,
  voidValue?: number,
  onProgress: OnProgress = () => undefined,
): Promise<Scored> {
  const { prototypes } = model.config;
  const tally = createConfusionCounter(prototypes, voidValue);
  const segmenter = createSegmenter(engine, model);
  try {
    for (let start = 0; start < pairs.count; start += IMAGES_PER_PASS) {
      const part = await several(pairs, start, IMAGES_PER_PASS);
      const { dots: data, height, width } = await segmenter.run(filledUp(part.map(({ image }) => image)));
      const cells = height * width * prototypes;
      part.forEach(({ mask: { size, data: truth } }, at) => {
        const dots = data.subarray(at * cells, (at + 1) * cells);
        tally.add(upsampleArgmax(dots, prototypes, height, width, size, size), truth);
      });
      await onProgress(start + part.length);
    }
  } finally {
    segmenter.dispose();
  }
  return scored(tally);
}

/** The baseline: as many clusters of colors as there are prototypes, fitted on the very pictures that are scored. */
export async function scoreColors(
  pairs: Pairs,
  clusters: number,
  voidValue?: number,
  onProgress: OnProgress = () => undefined,
): Promise<Scored> {
  const random = createRandom('k-means on colour');
  const points = await randomColors(pairs, random);
  const { centers } = fitKMeans(points, { clusters, dimensions: 3 }, random);
  const tally = createConfusionCounter(clusters, voidValue);
  for (let index = 0; index < pairs.count; index++) {
    const { image, mask } = await pairs.get(index);
    const { data } = resizeCenterCrop(image, mask.size, mask.size, 'bilinear');
    tally.add(nearestCenters(data, centers, 3), mask.data);
    await onProgress(index + 1);
  }
  return scored(tally);
}

const COLORS = 40_000;

/** Pixels of pictures, drawn first and then taken picture by picture. */
async function randomColors(pairs: Pairs, random: Random): Promise<Float32Array> {
  const { image } = await pairs.get(0);
  const drawn = Array.from({ length: COLORS }, (_, at) => {
    return { at, picture: random.integer(pairs.count), pixel: random.integer(image.width * image.height) };
  });
  const points = new Float32Array(COLORS * 3);
  let picture = -1;
  let data = image.data;
  for (const draw of drawn.toSorted((a, b) => a.picture - b.picture)) {
    if (draw.picture !== picture) ({ data } = (await pairs.get((picture = draw.picture))).image);
    points.set(data.subarray(draw.pixel * 3, draw.pixel * 3 + 3), draw.at * 3);
  }
  return points;
}

async function several(pairs: Pairs, start: number, most: number): Promise<Pair[]> {
  const part: Pair[] = [];
  for (let at = start; at < Math.min(start + most, pairs.count); at++) part.push(await pairs.get(at));
  return part;
}

function scored(tally: ConfusionCounter): Scored {
  const { confusion, values } = tally.result();
  return { scores: scoreSegmentation(confusion), confusion, values };
}

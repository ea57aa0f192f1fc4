import type { Config } from '../config/fields.ts';
import { SAMPLE_SCENES } from '../config/presets.ts';
import type { RgbImage } from '../data/image.ts';
import type { Mask } from '../data/mask.ts';
import { resizeCenterCrop } from '../data/resample.ts';
import { sampleScene } from '../data/samples.ts';
import { UserError } from '../lib/errors.ts';
import { createRandom } from '../lib/random.ts';
import { fitKMeans, nearestCenters } from '../metrics/kmeans.ts';
import { upsampleArgmax } from '../metrics/nearest.ts';
import {
  addToConfusion,
  createConfusion,
  scoreSegmentation,
  type Confusion,
  type SegmentationScores,
} from '../metrics/segmentation.ts';
import type { Engine } from '../ops/ops.ts';
import type { Model } from '../slotcon/model.ts';
import { filledUp, PICTURES_TOGETHER } from './pictureProgram.ts';
import { createSegmenter, segmentationSize, type Segmenter } from './segment.ts';

/** A picture as the network sees it and what its pixels are, both the centre square, each at its own size. */
export interface Pair {
  readonly image: RgbImage;
  readonly mask: { readonly size: number; readonly data: ArrayLike<number> };
}

/** Scores by the values that occur in the masks; `values[c]` is the value of class c of the confusion. */
export interface Scored {
  readonly scores: SegmentationScores;
  readonly confusion: Confusion;
  readonly values: readonly number[];
}

const MOST_CLASSES = 256;
/** Built-in scenes that no run without images has seen. */
const HELD_OUT_SCENES = 100;

/** The centre squares of a picture, as large as the network sees it, and of its mask, as large as that is. */
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
export function heldOutScenes(config: Config): Pair[] {
  const seed = SAMPLE_SCENES.seed + 1;
  return Array.from({ length: HELD_OUT_SCENES }, (_, index) =>
    pairOf(sampleScene(seed, index).image, sampleMask(seed, index), config),
  );
}

/** Scores the teacher's slots. `onProgress` hears how many pictures are done, and is waited for. */
export async function scoreTeacher(
  engine: Engine,
  model: Model,
  pairs: readonly Pair[],
  voidValue?: number,
  onProgress: (done: number) => Promise<void> | void = () => undefined,
): Promise<Scored> {
  const segmenter = createSegmenter(engine, model);
  try {
    const { prototypes } = model.config;
    return score(pairs, await labelPairs(pairs, segmenter, prototypes, onProgress), prototypes, voidValue);
  } finally {
    segmenter.dispose();
  }
}

async function labelPairs(
  pairs: readonly Pair[],
  segmenter: Segmenter,
  prototypes: number,
  onProgress: (done: number) => Promise<void> | void,
): Promise<Uint16Array[]> {
  const labels: Uint16Array[] = [];
  for (let start = 0; start < pairs.length; start += PICTURES_TOGETHER) {
    const part = pairs.slice(start, start + PICTURES_TOGETHER);
    const { dots: data, height, width } = await segmenter.run(filledUp(part.map(({ image }) => image)));
    const cells = height * width * prototypes;
    part.forEach(({ mask: { size } }, at) => {
      labels.push(upsampleArgmax(data.subarray(at * cells, (at + 1) * cells), prototypes, height, width, size, size));
    });
    await onProgress(labels.length);
  }
  return labels;
}

/** The baseline: as many clusters of colours as there are prototypes, fitted on the very pictures that are scored. */
export function scoreColours(pairs: readonly Pair[], clusters: number, voidValue?: number): Scored {
  const random = createRandom('k-means on colour');
  const points = new Float32Array(40_000 * 3);
  for (let point = 0; point < points.length; point += 3) {
    const { data } = pairs[random.integer(pairs.length)].image;
    const pixel = random.integer(data.length / 3) * 3;
    points.set(data.subarray(pixel, pixel + 3), point);
  }
  const { centers } = fitKMeans(points, { clusters, dimensions: 3 }, random);
  const labels = pairs.map(({ image, mask: { size } }) =>
    nearestCenters(resizeCenterCrop(image, size, size, 'bilinear').data, centers, 3),
  );
  return score(pairs, labels, clusters, voidValue);
}

/** Judges labels, one picture's each, by the masks. Throws `metrics/too-many-classes`. */
export function score(
  pairs: readonly Pair[],
  labels: readonly ArrayLike<number>[],
  prototypes: number,
  voidValue?: number,
): Scored {
  const present = new Set<number>();
  for (const { mask } of pairs) for (let at = 0; at < mask.data.length; at++) present.add(mask.data[at]);
  if (voidValue !== undefined) present.delete(voidValue);
  if (present.size > MOST_CLASSES) {
    throw new UserError(
      'metrics/too-many-classes',
      `The masks hold ${present.size} different values, and at most ${MOST_CLASSES} classes can be told apart. Are they masks, and not photographs?`,
    );
  }
  const values = [...present].sort((a, b) => a - b);
  const classOf = new Map(values.map((value, at) => [value, at]));
  const confusion = createConfusion(prototypes, values.length);
  pairs.forEach(({ mask }, at) => {
    // One more class than there are stands for void.
    const truth = Uint16Array.from(mask.data, (value) => classOf.get(value) ?? values.length);
    addToConfusion(confusion, labels[at], truth, values.length);
  });
  return { scores: scoreSegmentation(confusion), confusion, values };
}

import { join } from 'node:path';
import type { Config } from '../config/fields.ts';
import { SAMPLE_SCENES } from '../config/presets.ts';
import { readFolder, readMask } from '../data/folder.node.ts';
import type { ImageSource, RgbImage } from '../data/image.ts';
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
  type SegmentationScores,
} from '../metrics/segmentation.ts';
import { segmentationSize, type Segmenter } from '../trainer/segment.ts';

/** A picture as the network sees it and the classes of its pixels, both the centre square, each at its own size. */
export interface Pair {
  readonly image: RgbImage;
  readonly mask: { readonly size: number; readonly data: Uint8Array };
}

/** Pictures a forward pass. */
const BATCH = 50;
const HELD_OUT_SCENES = 100;

/** Images that have a mask: a PNG of the same name whose values are classes. */
export async function readPairs(imageDir: string, maskDir: string, config: Config): Promise<Pair[]> {
  const size = segmentationSize(config);
  const { source } = await readFolder(imageDir, Math.max(size, config.workingSize));
  const pairs: Pair[] = [];
  for (let index = 0; index < source.count; index++) pairs.push(...(await readPair(source, index, maskDir, size)));
  if (pairs.length === 0) {
    throw new UserError(
      'evaluate/no-masks',
      `None of the ${source.count} images has a mask of its name in "${maskDir}".`,
    );
  }
  return pairs;
}

async function readPair(source: ImageSource, index: number, maskDir: string, size: number): Promise<Pair[]> {
  const path = join(maskDir, source.path(index).replace(/\.[^./]*$/, '.png'));
  try {
    const mask = centerSquare(await readMask(path));
    return [{ image: resizeCenterCrop(await source.get(index), size, size, 'bilinear'), mask }];
  } catch (error) {
    // Not every picture needs a mask; one that can't be used is another matter.
    if (error instanceof UserError && error.code === 'mask/unreadable') return [];
    throw error;
  }
}

function centerSquare({ width, height, data }: { width: number; height: number; data: Uint8Array }): Pair['mask'] {
  const size = Math.min(width, height);
  const left = Math.floor((width - size) / 2);
  const top = Math.floor((height - size) / 2);
  const square = new Uint8Array(size * size);
  for (let y = 0; y < size; y++) {
    const start = (top + y) * width + left;
    square.set(data.subarray(start, start + size), y * size);
  }
  return { size, data: square };
}

/** Built-in scenes that no run without images has seen. */
export function heldOutScenes(config: Config): Pair[] {
  const size = segmentationSize(config);
  return Array.from({ length: HELD_OUT_SCENES }, (_, index) => {
    const { image, mask } = sampleScene(SAMPLE_SCENES.seed + 1, index);
    return { image: resizeCenterCrop(image, size, size, 'bilinear'), mask: { size: image.width, data: mask } };
  });
}

/** Scores the teacher's slots. */
export async function scoreModel(
  pairs: readonly Pair[],
  segmenter: Segmenter,
  prototypes: number,
  voidValue?: number,
): Promise<SegmentationScores> {
  const labels: Uint16Array[] = [];
  for (let start = 0; start < pairs.length; start += BATCH) {
    const part = pairs.slice(start, start + BATCH);
    const { data, height, width } = await segmenter.run(part.map((pair) => pair.image));
    const cells = height * width * prototypes;
    part.forEach(({ mask: { size } }, at) => {
      labels.push(upsampleArgmax(data.subarray(at * cells, (at + 1) * cells), prototypes, height, width, size, size));
    });
  }
  return score(pairs, labels, prototypes, voidValue);
}

/** The baseline: as many clusters of colours as there are prototypes, fitted on the very pictures that are scored. */
export function scoreColours(pairs: readonly Pair[], clusters: number, voidValue?: number): SegmentationScores {
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

function score(
  pairs: readonly Pair[],
  labels: readonly Uint16Array[],
  prototypes: number,
  voidValue: number | undefined,
): SegmentationScores {
  const present = new Set(pairs.flatMap(({ mask }) => [...new Set(mask.data)]));
  if (voidValue !== undefined) present.delete(voidValue);
  const classes = [...present].sort((a, b) => a - b);
  // Mask values are any bytes; the confusion counts classes from 0, with one more for void.
  const index = new Uint16Array(256).fill(classes.length);
  classes.forEach((value, at) => (index[value] = at));
  const confusion = createConfusion(prototypes, classes.length);
  pairs.forEach(({ mask }, at) => {
    const truth = Uint16Array.from(mask.data, (value) => index[value]);
    addToConfusion(confusion, labels[at], truth, classes.length);
  });
  const scores = scoreSegmentation(confusion);
  return { ...scores, perClass: scores.perClass.map((one) => ({ ...one, class: classes[one.class] })) };
}

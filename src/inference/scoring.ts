import { resizeCenterCrop } from '../data/resample.ts';
import type { Confusion, SegmentationScores } from '../domain/scores/scores.ts';
import { createSlotGrid, slotLabels, wholeWindow } from '../domain/slotGrid.ts';
import { createRandom, type Random } from '../lib/random.ts';
import { createConfusionCounter, type ConfusionCounter } from '../metrics/confusionCounter.ts';
import { fitKMeans, nearestCenters } from '../metrics/kmeans.ts';
import { scoreSegmentation } from '../metrics/segmentation.ts';
import type { Engine } from '../ops/engine.ts';
import type { Model } from '../slotcon/model.ts';
import { IMAGES_PER_BATCH, padBatch } from './imageBatches.ts';
import type { LabeledImage, LabeledImages } from './labeledImages.ts';
import { createSegmenter } from './segmenter.ts';
import { createEdgeFilter } from './edges/edgeFilter.ts';
import { guideOf } from '../lib/edges/guidedFilter.ts';

type OnProgress = (done: number) => Promise<void> | undefined;

/** Scores of all images together; `values[c]` is the mask value of class c of the confusion. */
export interface ScoredSegmentation {
  readonly scores: SegmentationScores;
  readonly confusion: Confusion;
  readonly values: readonly number[];
  /** Scores where segments follow edges, if they were asked for. */
  readonly edges?: SegmentationScores;
}

export interface ScoringOptions {
  /** A mask value whose pixels are unlabeled. */
  readonly voidValue?: number | undefined;
  /** Also scores segments that follow the edges of the images. */
  readonly edges?: boolean;
  /** Called with the number of images done, and awaited. */
  readonly onProgress?: OnProgress;
}

interface ColorOptions extends Pick<ScoringOptions, 'voidValue' | 'onProgress'> {
  /** Of the pixels that are drawn and the centers that k-means starts from. */
  readonly seed?: number;
}

/** Scores the teacher's slots. */
export async function scoreTeacher(
  engine: Engine,
  model: Model,
  images: LabeledImages,
  { voidValue, edges = false, onProgress }: ScoringOptions = {},
): Promise<ScoredSegmentation> {
  const { prototypes } = model.config;
  const [plain, following] = [createConfusionCounter(prototypes, voidValue), createConfusionCounter(prototypes, voidValue)]; // oxfmt-ignore
  const segmenter = createSegmenter(engine, model);
  const filter = edges ? await createEdgeFilter(engine) : undefined;
  try {
    for (let start = 0; start < images.count; start += IMAGES_PER_BATCH) {
      const batch = await readBatch(images, start);
      const {
        dots: all,
        height: rows,
        width: columns,
      } = await segmenter.run(padBatch(batch.map(({ image }) => image)));
      const length = rows * columns * prototypes;
      for (const [at, { square, mask }] of batch.entries()) {
        const dots = all.subarray(at * length, (at + 1) * length);
        const window = wholeWindow(mask.size, mask.size);
        if (!filter) {
          plain.add(slotLabels(createSlotGrid(dots, prototypes, rows, columns), window), mask.data);
          continue;
        }
        const grids = await filter.grids({ dots, rows, columns }, square);
        plain.add(slotLabels(grids.grid, window), mask.data);
        following.add(slotLabels(grids.edges, window, guideOf(resizeCenterCrop(square, mask.size, mask.size, 'bilinear')).gray), mask.data); // oxfmt-ignore
      }
      await onProgress?.(start + batch.length);
    }
  } finally {
    segmenter.dispose();
    filter?.destroy();
  }
  return { ...scoreCounted(plain), ...(filter && { edges: scoreCounted(following).scores }) };
}

/**
 * Scores the baseline: k-means on pixel colors with as many clusters as prototypes, fitted on the scored images
 * themselves.
 */
export async function scoreColors(
  images: LabeledImages,
  clusters: number,
  { voidValue, seed, onProgress }: ColorOptions = {},
): Promise<ScoredSegmentation> {
  const random = createRandom(['k-means on colour', ...(seed === undefined ? [] : [seed])].join('/'));
  const points = await samplePixels(images, random);
  const { centers } = fitKMeans(points, { clusters, dimensions: 3 }, random);
  const counter = createConfusionCounter(clusters, voidValue);
  for (let index = 0; index < images.count; index++) {
    const { image, mask } = await images.get(index);
    const { data } = resizeCenterCrop(image, mask.size, mask.size, 'bilinear');
    counter.add(nearestCenters(data, centers, 3), mask.data);
    await onProgress?.(index + 1);
  }
  return scoreCounted(counter);
}

/** Number of pixels that k-means is fitted on. */
const SAMPLED_PIXELS = 40_000;

/** Colors of random pixels, [n,3]. All positions are drawn first, so that each image is read once. */
async function samplePixels(images: LabeledImages, random: Random): Promise<Float32Array> {
  const { image } = await images.get(0);
  const drawn = Array.from({ length: SAMPLED_PIXELS }, (_, at) => {
    return { at, imageIndex: random.integer(images.count), pixel: random.integer(image.width * image.height) };
  });
  const points = new Float32Array(SAMPLED_PIXELS * 3);
  let imageIndex = -1;
  let data = image.data;
  for (const draw of drawn.toSorted((a, b) => a.imageIndex - b.imageIndex)) {
    if (draw.imageIndex !== imageIndex) ({ data } = (await images.get((imageIndex = draw.imageIndex))).image);
    points.set(data.subarray(draw.pixel * 3, draw.pixel * 3 + 3), draw.at * 3);
  }
  return points;
}

async function readBatch(images: LabeledImages, start: number): Promise<LabeledImage[]> {
  const batch: LabeledImage[] = [];
  const end = Math.min(start + IMAGES_PER_BATCH, images.count);
  for (let at = start; at < end; at++) batch.push(await images.get(at));
  return batch;
}

function scoreCounted(counter: ConfusionCounter): ScoredSegmentation {
  const { confusion, values } = counter.result();
  return { scores: scoreSegmentation(confusion), confusion, values };
}

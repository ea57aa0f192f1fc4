import type { ImageSource } from '../domain/images.ts';
import { resizeCenterCrop } from '../data/resample.ts';
import { PRESENT_FRACTION } from '../domain/thresholds.ts';
import { argmaxAt, segmentScores } from '../metrics/nearest.ts';
import { createRanking } from '../metrics/ranking.ts';
import { createSegmentIndex, type SegmentId, type SegmentIndex } from '../metrics/segmentIndex.ts';
import type { Engine } from '../ops/engine.ts';
import { PREFIX } from '../slotcon/networks.ts';
import type { Model } from '../slotcon/model.ts';
import type { Gallery, GallerySegment, PrototypeCard } from '../domain/reports.ts';
import { IMAGES_PER_BATCH, loadCenterSquares } from './imageBatches.ts';
import { createInference, inferDots, type InferenceOutput } from './inference.ts';
import { segmentationSize } from './segmenter.ts';

/** Number of images per prototype, as in the published viewer. */
const NEAREST = 5;
/** Max bytes of the segment index behind "more like it"; 10,000 images of 8 segments at 256 channels fill a third. */
const INDEX_BYTES = 2 ** 26;
/** Prototypes with a cosine above this compete for the same cells; those of a fresh model are nearly orthogonal. */
const DUPLICATE_COSINE = 0.9;
/** Side of the thumbnails in px. */
const THUMBNAIL_SIDE = 64;

/** Segments of all images, for finding similar ones. */
export interface GallerySegments {
  readonly index: SegmentIndex;
  /** Winning prototype of each cell, [N,h,w]. */
  readonly labels: Uint16Array;
  readonly height: number;
  readonly width: number;
}

/**
 * Makes the gallery in one pass over the images: each prototype's fraction of cells, and the images that show it best by
 * the published score (mean of its dots over the cells it wins). Cells cover an image's center square.
 */
export async function createGallery(
  engine: Engine,
  model: Model,
  images: ImageSource,
  onProgress: (done: number) => Promise<void>,
): Promise<{ readonly gallery: Omit<Gallery, 'step'>; readonly segments: GallerySegments }> {
  const { prototypes, outDim } = model.config;
  const program = createInference(engine, model, (pixels) => {
    const { z, dots } = inferDots(model, 'teacher', pixels);
    return { z: z.l2Normalize(), dots };
  });
  const ranking = createRanking(prototypes, NEAREST);
  const index = createSegmentIndex(outDim, Math.floor(INDEX_BYTES / outDim));
  const [held, shown] = [new Float64Array(prototypes), new Uint32Array(prototypes)];
  let labels = new Uint16Array();
  let [height, width] = [0, 0];
  try {
    for (let start = 0; start < images.count; start += IMAGES_PER_BATCH) {
      const count = Math.min(IMAGES_PER_BATCH, images.count - start);
      const output = await program.run(await loadCenterSquares(images, start, count, segmentationSize(model.config)));
      if (start === 0) {
        ({ height, width } = output);
        labels = new Uint16Array(images.count * height * width);
      }
      const scores = segmentScores(output.dots, { images: count, height, width, prototypes });
      for (let at = 0; at < count; at++) {
        const own = labels.subarray((start + at) * height * width, (start + at + 1) * height * width);
        for (let cell = 0; cell < own.length; cell++) {
          own[cell] = argmaxAt(output.dots, (at * own.length + cell) * prototypes, prototypes);
        }
        ranking.add(start + at, scores.subarray(at * prototypes, (at + 1) * prototypes));
        forEachSegment(output, at, own, outDim, (prototype, cells, sum) => {
          held[prototype] += cells;
          if (cells < PRESENT_FRACTION * own.length) return;
          shown[prototype]++;
          index.add({ image: start + at, prototype }, sum);
        });
      }
      await onProgress(start + count);
    }
  } finally {
    program.dispose();
  }
  const segments: GallerySegments = { index, labels, height, width };
  const duplicates = await findDuplicates(engine, model);
  const best = ranking.best();
  const drawn = await drawSegments(
    images,
    segments,
    best.flatMap((ranked, prototype) => ranked.map(({ image, score }) => ({ image, prototype, score }))),
  );
  const cards = best.map((ranked, prototype): PrototypeCard => ({
    prototype,
    usage: held[prototype] / labels.length,
    images: shown[prototype],
    nearest: drawn.splice(0, ranked.length),
    ...(duplicates[prototype] && { duplicateOf: duplicates[prototype] }),
  }));
  return { gallery: { imageCount: images.count, height, width, cards }, segments };
}

/** Segments most similar to this one, best first; none if it was too small to be indexed. */
export function similarSegments(
  images: ImageSource,
  segments: GallerySegments,
  segment: SegmentId,
  count: number,
): Promise<readonly GallerySegment[]> {
  const found = segments.index.nearest(segment, count);
  return drawSegments(
    images,
    segments,
    found.map(({ image, prototype, cosine }) => ({ image, prototype, score: cosine })),
  );
}

/** Visits each segment of image `at` with its number of cells and the sum over them of z, unit vectors [D]. */
function forEachSegment(
  { z }: InferenceOutput<'z'>,
  at: number,
  labels: Uint16Array,
  channels: number,
  visit: (prototype: number, cells: number, sum: Float32Array) => void,
): void {
  const sums = new Map<number, { cells: number; readonly sum: Float32Array }>();
  labels.forEach((prototype, cell) => {
    const begin = (at * labels.length + cell) * channels;
    const segment = sums.get(prototype) ?? { cells: 0, sum: new Float32Array(channels) };
    segment.cells++;
    for (let d = 0; d < channels; d++) segment.sum[d] += z[begin + d];
    sums.set(prototype, segment);
  });
  for (const [prototype, { cells, sum }] of sums) visit(prototype, cells, sum);
}

/** Nearest earlier prototype with a cosine above DUPLICATE_COSINE, for each of the teacher's prototypes. */
async function findDuplicates(
  engine: Engine,
  model: Model,
): Promise<({ readonly prototype: number; readonly cosine: number } | undefined)[]> {
  const { prototypes, outDim } = model.config;
  const entry = model.entries.get(`${PREFIX.teacher.grouping}.slot_embed.weight`);
  if (!entry) throw new Error('the model has no prototypes');
  const values = await engine.read(entry.variable);
  const dot = (a: number, b: number): number => {
    let sum = 0;
    for (let d = 0; d < outDim; d++) sum += values[a * outDim + d] * values[b * outDim + d];
    return sum;
  };
  const norms = Array.from({ length: prototypes }, (_, k) => Math.sqrt(dot(k, k)) || 1);
  return norms.map((norm, prototype) => {
    let duplicate: { prototype: number; cosine: number } | undefined;
    for (let other = 0; other < prototype; other++) {
      const cosine = dot(prototype, other) / (norm * norms[other]);
      if (cosine > (duplicate?.cosine ?? DUPLICATE_COSINE)) duplicate = { prototype: other, cosine };
    }
    return duplicate;
  });
}

/** Draws thumbnails of segments. Reads each image once. */
async function drawSegments(
  images: ImageSource,
  { labels, height, width }: GallerySegments,
  wanted: readonly (SegmentId & { readonly score: number })[],
): Promise<GallerySegment[]> {
  const thumbnails = new Map<number, Uint8Array>();
  const drawThumbnail = async (image: number): Promise<Uint8Array> => {
    const { data } = resizeCenterCrop(await images.get(image), THUMBNAIL_SIDE, THUMBNAIL_SIDE, 'bilinear');
    thumbnails.set(image, data);
    return data;
  };
  const segments: GallerySegment[] = [];
  for (const { image, prototype, score } of wanted) {
    const own = labels.subarray(image * height * width, (image + 1) * height * width);
    segments.push({
      image,
      prototype,
      score,
      path: images.path(image),
      size: THUMBNAIL_SIDE,
      rgb: thumbnails.get(image) ?? (await drawThumbnail(image)),
      cells: Uint8Array.from(own, (winner) => (winner === prototype ? 1 : 0)),
    });
  }
  return segments;
}

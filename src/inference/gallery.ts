import { defined } from '../lib/defined.ts';
import type { ImageSource, RgbImage } from '../domain/images.ts';
import { shrunkSize } from '../data/decode/targetSize.ts';
import { cropResize } from '../data/resample.ts';
import { PRESENT_FRACTION } from '../domain/thresholds.ts';
import { argmaxAt, segmentScores } from '../metrics/nearest.ts';
import { createRanking } from '../metrics/ranking.ts';
import { createSegmentIndex, type SegmentId, type SegmentIndex } from '../metrics/segmentIndex.ts';
import type { Engine } from '../ops/engine.ts';
import { PREFIX } from '../slotcon/networks.ts';
import type { Model } from '../slotcon/model.ts';
import type { Gallery, GallerySegment, Overlay, PrototypeCard } from '../domain/reports.ts';
import { IMAGES_PER_BATCH, loadCenterSquares } from './imageBatches.ts';
import { createInference, inferDots, type InferenceOutput } from './inference.ts';
import { segmentationSize } from './segmenter.ts';
import { createWholeSegmenter, segmentWholeImages } from './slotGrids.ts';

/** Number of images per prototype, as in the published viewer. */
const NEAREST = 5;
/** Max bytes of the segment index behind "more like it"; 10,000 images of 8 segments at 256 channels fill a third. */
const INDEX_BYTES = 2 ** 26;
/** Prototypes with a cosine above this compete for the same cells; those of a fresh model are nearly orthogonal. */
const DUPLICATE_COSINE = 0.9;
/** Longer side of the previews in px: the page shows the photographs themselves. */
const PREVIEW_SIDE = 64;

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
 * the published score (mean of its dots over the cells it wins). These cells cover an image's center square; the images
 * that are shown are segmented whole. `onProgress` gets a fraction from 0 to 1.
 */
export async function createGallery(
  engine: Engine,
  model: Model,
  images: ImageSource,
  onProgress: (fraction: number) => Promise<void>,
): Promise<{ readonly gallery: Omit<Gallery, 'step'>; readonly segments: GallerySegments }> {
  const { prototypes, outDim } = model.config;
  const program = createInference(engine, model, (pixels) => {
    const { z, dots } = inferDots(model, 'teacher', pixels);
    return { z: z.l2Normalize(), dots };
  });
  const total = images.count + Math.min(images.count, NEAREST * prototypes);
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
      await onProgress((start + count) / total);
    }
  } finally {
    program.dispose();
  }
  const segments: GallerySegments = { index, labels, height, width };
  const duplicates = await findDuplicates(engine, model);
  const best = ranking.best();
  const drawn = await showSegments(
    { engine, model, images },
    best.flatMap((ranked, prototype) => ranked.map(({ image, score }) => ({ image, prototype, score }))),
    (done) => onProgress((images.count + done) / total),
  );
  const cards = best.map((ranked, prototype): PrototypeCard => ({
    prototype,
    usage: held[prototype] / labels.length,
    images: shown[prototype],
    nearest: drawn.splice(0, ranked.length),
    ...(duplicates[prototype] && { duplicateOf: duplicates[prototype] }),
  }));
  return { gallery: { imageCount: images.count, cards }, segments };
}

/** What segments are made of: a model and its images. */
interface Subject {
  readonly engine: Engine;
  readonly model: Model;
  readonly images: ImageSource;
}

/** Segments most similar to this one, best first; none if it was too small to be indexed. */
export function similarSegments(
  subject: Subject,
  segments: GallerySegments,
  segment: SegmentId,
  count: number,
): Promise<readonly GallerySegment[]> {
  const found = segments.index.nearest(segment, count);
  return showSegments(
    subject,
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

/** Segments the images of these segments whole, each once. */
async function showSegments(
  { engine, model, images }: Subject,
  wanted: readonly (SegmentId & { readonly score: number })[],
  onProgress?: (done: number) => Promise<void>,
): Promise<GallerySegment[]> {
  const overlays = new Map<number, Overlay>();
  const indices = [...new Set(wanted.map(({ image }) => image))].sort((one, other) => one - other);
  const segmenter = await createWholeSegmenter(engine, model);
  try {
    for await (const segmented of segmentWholeImages(segmenter, images, indices, onProgress)) {
      const { imageIndex } = segmented;
      const [path, dimensions] = [images.path(imageIndex), images.dimensions(imageIndex)];
      overlays.set(imageIndex, { ...segmented, path, dimensions, preview: previewOf(await images.get(imageIndex)) });
    }
  } finally {
    segmenter.dispose();
  }
  return wanted.map(({ image, prototype, score }) => ({ prototype, score, overlay: defined(overlays.get(image)) }));
}

function previewOf(image: RgbImage): RgbImage {
  const { width, height } = shrunkSize(image.width, image.height, { longer: PREVIEW_SIDE });
  const whole = { top: 0, left: 0, width: image.width, height: image.height };
  return cropResize(image, whole, height, width, 'bilinear');
}

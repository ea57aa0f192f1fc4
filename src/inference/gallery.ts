import type { ImageSource } from '../domain/images.ts';
import { resizeCenterCrop } from '../data/augment/resample.ts';
import { SEEN_SHARE } from '../domain/thresholds.ts';
import { argmaxAt, segmentScores } from '../metrics/nearest.ts';
import { createRanking } from '../metrics/ranking.ts';
import { createSegmentIndex, type SegmentId, type SegmentIndex } from '../metrics/segmentIndex.ts';
import type { Engine } from '../ops/engine.ts';
import { PREFIX } from '../slotcon/networks.ts';
import type { Model } from '../slotcon/model.ts';
import type { Gallery, GallerySegment, PrototypeCard } from '../domain/reports.ts';
import { centerSquares, createImageProgram, inferDots, IMAGES_PER_PASS, type InferenceOutput } from './imageProgram.ts';
import { segmentationSize } from './segment.ts';

/** The published viewer shows as many. */
const NEAREST = 5;
/** Bytes of vectors that are kept for "more like it": 10,000 images of 8 segments at 256 channels take a third. */
const INDEX_BYTES = 2 ** 26;
/** Beyond this cosine two prototypes compete for the same cells; those of a fresh model are nearly orthogonal. */
const DUPLICATE_COSINE = 0.9;
/** Side of the pictures in a gallery, in px. */
const PICTURE_SIDE = 64;

/** What the gallery remembers of the folder, to find segments that are alike. */
export interface GallerySegments {
  readonly index: SegmentIndex;
  /** The winning prototype of each cell, image after image. */
  readonly labels: Uint16Array;
  readonly height: number;
  readonly width: number;
}

/**
 * One pass over the images: what each prototype holds, and the images that show it best by the published score (mean of
 * its dots over the cells it wins). Cells are those of the picture's center square.
 */
export async function createGallery(
  engine: Engine,
  model: Model,
  images: ImageSource,
  onProgress: (done: number) => Promise<void>,
): Promise<{ readonly gallery: Omit<Gallery, 'step'>; readonly segments: GallerySegments }> {
  const { prototypes, outDim } = model.config;
  const program = createImageProgram(engine, model, (pixels) => {
    const { z, dots } = inferDots(model, 'teacher', pixels);
    return { z: z.l2Normalize(), dots };
  });
  const ranking = createRanking(prototypes, NEAREST);
  const index = createSegmentIndex(outDim, Math.floor(INDEX_BYTES / outDim));
  const [held, shown] = [new Float64Array(prototypes), new Uint32Array(prototypes)];
  let labels = new Uint16Array();
  let [height, width] = [0, 0];
  try {
    for (let start = 0; start < images.count; start += IMAGES_PER_PASS) {
      const count = Math.min(IMAGES_PER_PASS, images.count - start);
      const answers = await program.run(await centerSquares(images, start, count, segmentationSize(model.config)));
      if (start === 0) {
        ({ height, width } = answers);
        labels = new Uint16Array(images.count * height * width);
      }
      const scores = segmentScores(answers.dots, { images: count, height, width, prototypes });
      for (let at = 0; at < count; at++) {
        const own = labels.subarray((start + at) * height * width, (start + at + 1) * height * width);
        for (let cell = 0; cell < own.length; cell++) {
          own[cell] = argmaxAt(answers.dots, (at * own.length + cell) * prototypes, prototypes);
        }
        ranking.add(start + at, scores.subarray(at * prototypes, (at + 1) * prototypes));
        takeSegments(answers, at, own, outDim, (prototype, cells, sum) => {
          held[prototype] += cells;
          if (cells < SEEN_SHARE * own.length) return;
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
  const twins = await findDuplicates(engine, model);
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
    ...(twins[prototype] && { duplicateOf: twins[prototype] }),
  }));
  return { gallery: { imageCount: images.count, height, width, cards }, segments };
}

/** The segments of the folder that are most like this one, best first; nothing if it was too small to be kept. */
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

/** Each segment of picture `at` with its number of cells and the sum of z, unit vectors, over them. */
function takeSegments(
  { z }: InferenceOutput<'z'>,
  at: number,
  labels: Uint16Array,
  channels: number,
  take: (prototype: number, cells: number, sum: Float32Array) => void,
): void {
  const sums = new Map<number, { cells: number; readonly sum: Float32Array }>();
  labels.forEach((prototype, cell) => {
    const begin = (at * labels.length + cell) * channels;
    const segment = sums.get(prototype) ?? { cells: 0, sum: new Float32Array(channels) };
    segment.cells++;
    for (let d = 0; d < channels; d++) segment.sum[d] += z[begin + d];
    sums.set(prototype, segment);
  });
  for (const [prototype, { cells, sum }] of sums) take(prototype, cells, sum);
}

/** For each prototype the nearest earlier one beyond DUPLICATE_COSINE, by the teacher's prototypes. */
async function findDuplicates(
  engine: Engine,
  model: Model,
): Promise<({ readonly prototype: number; readonly cosine: number } | undefined)[]> {
  const { prototypes, outDim } = model.config;
  const values = await engine.read(model.entries.get(`${PREFIX.teacher.grouping}.slot_embed.weight`)!.variable);
  const dot = (a: number, b: number): number => {
    let sum = 0;
    for (let d = 0; d < outDim; d++) sum += values[a * outDim + d] * values[b * outDim + d];
    return sum;
  };
  const norms = Array.from({ length: prototypes }, (_, k) => Math.sqrt(dot(k, k)) || 1);
  return norms.map((norm, prototype) => {
    let twin: { prototype: number; cosine: number } | undefined;
    for (let other = 0; other < prototype; other++) {
      const cosine = dot(prototype, other) / (norm * norms[other]);
      if (cosine > (twin?.cosine ?? DUPLICATE_COSINE)) twin = { prototype: other, cosine };
    }
    return twin;
  });
}

/** Small pictures of segments, each image read once. */
async function drawSegments(
  images: ImageSource,
  { labels, height, width }: GallerySegments,
  wanted: readonly (SegmentId & { readonly score: number })[],
): Promise<GallerySegment[]> {
  const pictures = new Map<number, Uint8Array>();
  for (const { image } of wanted) {
    if (pictures.has(image)) continue;
    pictures.set(image, resizeCenterCrop(await images.get(image), PICTURE_SIDE, PICTURE_SIDE, 'bilinear').data);
  }
  return wanted.map(({ image, prototype, score }) => {
    const own = labels.subarray(image * height * width, (image + 1) * height * width);
    return {
      ...{ image, prototype, score, path: images.path(image), size: PICTURE_SIDE, rgb: pictures.get(image)! },
      cells: Uint8Array.from(own, (winner) => (winner === prototype ? 1 : 0)),
    };
  });
}

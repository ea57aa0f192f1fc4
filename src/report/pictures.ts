import { classLabel, leadersOf, listClasses, type PrototypeClass, type PrototypeClasses } from '../domain/classes.ts';
import { cropResize } from '../data/resample.ts';
import type { ImageDimensions, RgbImage } from '../domain/images.ts';
import { guideOf } from '../lib/edges/guidedFilter.ts';
import type { Overlay } from '../domain/reports.ts';
import { paintImage } from '../domain/imagePaint.ts';
import {
  paintIsolated,
  paintSegments,
  segmentPalette,
  segmentsOf,
  texturedPrototypes,
} from '../domain/segmentPaint.ts';
import { coarseLabels, wholeWindow, type SlotGrid } from '../domain/slotGrid.ts';

/** Pixels as they are encoded: RGBA, rows top to bottom. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8ClampedArray<ArrayBuffer>;
}

/**
 * Encodes pixels as a data URL, reduced where the longer side exceeds `maxSide`. A port: the page has a canvas, Node a
 * library.
 */
export type EncodePicture = (pixels: Pixels, format: 'jpeg' | 'png', maxSide: number) => Promise<string>;

/** An image as a data URL. */
export interface DrawnPhotograph {
  readonly path: string;
  readonly width: number;
  readonly height: number;
  readonly photograph: string;
}

export interface WatchedPicture extends DrawnPhotograph {
  /** Data URL of its segments, which lie over it. */
  readonly segments: string;
  /** The largest classes with their fractions of the pixels, largest first. */
  readonly largest: readonly { readonly label: string; readonly fraction: number }[];
}

export interface ClassPicture {
  readonly label: string;
  /** Its color is that of its first prototype. */
  readonly leader: number;
  /** Mean fraction of the watched images that it holds. */
  readonly fraction: number;
  /** The images where it holds most, by their place among the watched ones, with a mask of everything else. */
  readonly best: readonly { readonly image: number; readonly fraction: number; readonly mask: string }[];
}

/** Longer side of the watched images, where they are few and where they are many, and of the masks, in pixels. */
const [LARGE_SIDE, SMALL_SIDE, MASK_SIDE] = [480, 320, 160];
const FEW_IMAGES = 12;
const BEST = 3;
/** An image is among the best ones of a class from this fraction of it. */
const MIN_FRACTION = 0.01;
/** Classes beyond these have no pictures, so that the report stays small. */
const MAX_PICTURED = 64;

interface Watched extends Overlay {
  /** Fraction of the pixels per prototype; those of a class count for its first one. */
  readonly fractions: Float64Array;
}

/** Draws the watched images, and the classes of the prototypes by what they hold of them. */
export async function drawPictures(
  overlays: readonly Overlay[],
  classes: PrototypeClasses,
  count: number,
  encode: EncodePicture,
): Promise<{ readonly watched: readonly WatchedPicture[]; readonly classes: readonly ClassPicture[] }> {
  const leaders = leadersOf(classes, count);
  const watched = overlays.map((overlay): Watched => {
    const edges = { ...overlay.edges, leaders };
    return { ...overlay, edges, fractions: fractionsOf(edges, count) };
  });
  const all = listClasses(classes, count);
  const pictures: WatchedPicture[] = [];
  for (const one of watched) pictures.push(await drawWatched(one, all, { count, many: overlays.length }, encode));
  const ranked = all
    .map((one) => ({ ...one, fraction: meanFraction(watched, leaderOf(one)) }))
    .sort((a, b) => b.fraction - a.fraction);
  const drawn: ClassPicture[] = [];
  for (const [place, one] of ranked.entries()) {
    const best = place < MAX_PICTURED ? await drawBest(watched, leaderOf(one), count, encode) : [];
    drawn.push({ label: classLabel(one), leader: leaderOf(one), fraction: one.fraction, best });
  }
  return { watched: pictures, classes: drawn };
}

const leaderOf = ({ prototypes }: PrototypeClass): number => prototypes[0] ?? 0;

function fractionsOf(grid: SlotGrid, count: number): Float64Array {
  const labels = coarseLabels(grid);
  const fractions = new Float64Array(count);
  for (const label of labels) fractions[label] += 1 / labels.length;
  return fractions;
}

function meanFraction(watched: readonly Watched[], leader: number): number {
  return watched.reduce((sum, { fractions }) => sum + fractions[leader], 0) / Math.max(1, watched.length);
}

async function drawWatched(
  watched: Watched,
  classes: readonly PrototypeClass[],
  { count, many }: { readonly count: number; readonly many: number },
  encode: EncodePicture,
): Promise<WatchedPicture> {
  const side = many > FEW_IMAGES ? SMALL_SIDE : LARGE_SIDE;
  const largest = classes
    .map((one) => ({ label: classLabel(one), fraction: watched.fractions[leaderOf(one)] }))
    .filter(({ fraction }) => fraction >= MIN_FRACTION)
    .sort((a, b) => b.fraction - a.fraction)
    .slice(0, 3);
  return {
    ...(await encodePhotograph(watched, side, encode)),
    segments: await encodeSegments(watched, count, side, encode),
    largest,
  };
}

export async function encodePhotograph(
  { path, preview, dimensions }: Pick<Overlay, 'path' | 'preview' | 'dimensions'>,
  side: number,
  encode: EncodePicture,
): Promise<DrawnPhotograph> {
  const photograph = pixelsOf(preview.width, preview.height, (out) => paintImage(preview.data, out));
  return { path, ...fitted(dimensions, side), photograph: await encode(photograph, 'jpeg', side) };
}

/** Data URL of the segments of an image, each in the color of its prototype. */
export function encodeSegments(
  { preview, dimensions, edges }: Pick<Overlay, 'preview' | 'dimensions' | 'edges'>,
  count: number,
  side: number,
  encode: EncodePicture,
): Promise<string> {
  const { width, height } = fitted(dimensions, side);
  const palette = segmentPalette(count);
  const segments = segmentsOf(edges, wholeWindow(width, height), grayOf(preview, width, height));
  const textured = texturedPrototypes(segments.labels, width, palette);
  return encode(
    pixelsOf(width, height, (out) => paintSegments(segments, palette, textured, 1, out)),
    'png',
    side,
  );
}

async function drawBest(
  watched: readonly Watched[],
  leader: number,
  count: number,
  encode: EncodePicture,
): Promise<ClassPicture['best']> {
  const best = watched
    .map(({ fractions }, image) => ({ image, fraction: fractions[leader] }))
    .filter(({ fraction }) => fraction >= MIN_FRACTION)
    .sort((a, b) => b.fraction - a.fraction)
    .slice(0, BEST);
  const drawn: ClassPicture['best'][number][] = [];
  for (const one of best) {
    const { edges, preview, dimensions } = watched[one.image];
    const { width, height } = fitted(dimensions, MASK_SIDE);
    const segments = segmentsOf(edges, wholeWindow(width, height), grayOf(preview, width, height));
    const painted = pixelsOf(width, height, (out) => paintIsolated(segments, leader, segmentPalette(count), 1, out));
    drawn.push({ ...one, mask: await encode(painted, 'png', MASK_SIDE) });
  }
  return drawn;
}

/** Gray of an image at another size, whose edges its segments follow. */
function grayOf(image: RgbImage, width: number, height: number): Float32Array {
  const whole = { top: 0, left: 0, width: image.width, height: image.height };
  return guideOf(cropResize(image, whole, height, width, 'bilinear')).gray;
}

/** Size whose longer side is `side`, with the proportions of the file. */
function fitted({ width, height }: ImageDimensions, side: number): { width: number; height: number } {
  const scale = side / Math.max(width, height);
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

function pixelsOf(width: number, height: number, paint: (out: Uint32Array) => void): Pixels {
  const words = new Uint32Array(width * height);
  paint(words);
  return { width, height, data: new Uint8ClampedArray(words.buffer) };
}

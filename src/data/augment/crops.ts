import type { Random } from '../../lib/random.ts';
import type { Box } from '../../domain/images.ts';
import { type CropBox, roundHalfToEven } from '../resample.ts';

const TRIES = 10;
const MIN_RATIO = 3 / 4;
const MAX_RATIO = 4 / 3;

/** A random crop and its target area, before its sides were rounded to pixels. */
interface DrawnCrop {
  readonly box: CropBox;
  readonly targetArea: number;
}

/** Draws a fraction of the area, an aspect ratio and a position; undefined if the crop doesn't fit the image. */
function tryCrop(width: number, height: number, minScale: number, random: Random): DrawnCrop | undefined {
  const targetArea = random.uniform(minScale, 1) * width * height;
  const ratio = Math.exp(random.uniform(Math.log(MIN_RATIO), Math.log(MAX_RATIO)));
  const cropWidth = roundHalfToEven(Math.sqrt(targetArea * ratio));
  const cropHeight = roundHalfToEven(Math.sqrt(targetArea / ratio));
  if (cropWidth < 1 || cropHeight < 1 || cropWidth > width || cropHeight > height) return undefined;
  const top = random.integer(height - cropHeight + 1);
  const left = random.integer(width - cropWidth + 1);
  return { box: { top, left, height: cropHeight, width: cropWidth }, targetArea };
}

/** Largest central crop of an allowed aspect ratio, for when no drawn crop fits. */
function centralCrop(width: number, height: number): CropBox {
  const ratio = width / height;
  const cropWidth = ratio > MAX_RATIO ? roundHalfToEven(height * MAX_RATIO) : width;
  const cropHeight = ratio < MIN_RATIO ? roundHalfToEven(width / MIN_RATIO) : height;
  const top = Math.floor((height - cropHeight) / 2);
  const left = Math.floor((width - cropWidth) / 2);
  return { top, left, height: cropHeight, width: cropWidth };
}

function drawCrop(width: number, height: number, minScale: number, random: Random): CropBox {
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const drawn = tryCrop(width, height, minScale, random);
    if (drawn) return drawn.box;
  }
  return centralCrop(width, height);
}

/**
 * Two random resized crops of a width × height image. The second is drawn until the first covers at least
 * `minOverlap` of the area it was *drawn* for (not of its rounded box, as published); after ten tries it is drawn
 * without the condition, so the two may be disjoint.
 */
export function drawCropPair(
  width: number,
  height: number,
  config: { readonly minScale: number; readonly minOverlap: number },
  random: Random,
): readonly [CropBox, CropBox] {
  const first = drawCrop(width, height, config.minScale, random);
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const drawn = tryCrop(width, height, config.minScale, random);
    if (drawn && intersectionArea(first, drawn.box) >= config.minOverlap * drawn.targetArea) return [first, drawn.box];
  }
  return [first, drawCrop(width, height, config.minScale, random)];
}

/** Number of pixels in both crops. */
export function intersectionArea(a: CropBox, b: CropBox): number {
  const width = Math.min(a.left + a.width, b.left + b.width) - Math.max(a.left, b.left);
  const height = Math.min(a.top + a.height, b.top + b.height) - Math.max(a.top, b.top);
  return Math.max(width, 0) * Math.max(height, 0);
}

/**
 * Overlap of two crops in the unit coordinates of each. Not clamped: disjoint crops give boxes of negative size
 * that may lie outside [0, 1].
 */
export function overlapCoords(a: CropBox, b: CropBox): readonly [Box, Box] {
  const x1 = Math.max(a.left, b.left);
  const y1 = Math.max(a.top, b.top);
  const x2 = Math.min(a.left + a.width, b.left + b.width);
  const y2 = Math.min(a.top + a.height, b.top + b.height);
  const within = (crop: CropBox): Box => [
    (x1 - crop.left) / crop.width,
    (y1 - crop.top) / crop.height,
    (x2 - crop.left) / crop.width,
    (y2 - crop.top) / crop.height,
  ];
  return [within(a), within(b)];
}

/** Mirrors a box horizontally. */
export function flipBox([x1, y1, x2, y2]: Box): Box {
  return [1 - x2, y1, 1 - x1, y2];
}

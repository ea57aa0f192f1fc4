import { resizeCenterCrop } from '../data/resample.ts';
import type { ImageSource, RgbImage } from '../domain/images.ts';

/** Images per forward pass over a folder. Changes the speed only. */
export const IMAGES_PER_BATCH = 16;

/** Repeats the last image up to `count` images: every batch size is a program of its own. Outputs of the copies are unused. */
export function padBatch(images: readonly RgbImage[], count: number = IMAGES_PER_BATCH): RgbImage[] {
  return Array.from({ length: count }, (_, at) => images[Math.min(at, images.length - 1)]);
}

/** Center squares of `count` images from index `start` on, resized to size × size, as a full batch (see `padBatch`). */
export async function loadCenterSquares(
  images: ImageSource,
  start: number,
  count: number,
  size: number,
): Promise<RgbImage[]> {
  const squares: RgbImage[] = [];
  for (let at = start; at < start + count; at++) {
    squares.push(resizeCenterCrop(await images.get(at), size, size, 'bilinear'));
  }
  return padBatch(squares);
}

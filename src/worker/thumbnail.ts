import type { RgbImage } from '../domain/images.ts';
import { cropResize } from '../data/resample.ts';
import type { Thumbnail } from './contracts.ts';

/** Longer side of a thumbnail. */
const THUMBNAIL_SIDE = 96;

export function thumbnailOf(image: RgbImage): Thumbnail {
  const scale = Math.min(1, THUMBNAIL_SIDE / Math.max(image.width, image.height));
  const width = Math.max(1, Math.round(image.width * scale));
  const height = Math.max(1, Math.round(image.height * scale));
  const box = { top: 0, left: 0, height: image.height, width: image.width };
  const small = cropResize(image, box, height, width, 'bilinear');
  const data = new Uint8ClampedArray(width * height * 4);
  for (let pixel = 0; pixel < width * height; pixel++) {
    data.set(small.data.subarray(pixel * 3, pixel * 3 + 3), pixel * 4);
    data[pixel * 4 + 3] = 255;
  }
  return { width, height, data };
}

import type { DecodedFile, ImageDimensions, RgbImage, SkippedFile } from '../domain/images.ts';
import type { Decoded } from '../worker/decode/messages.ts';
import type { ImageFile } from '../data/workingCopies/workingCopies.ts';

/** Dimensions of an upright file that is as large as its working copy. */
export function dimensionsOf({ width, height }: Pick<RgbImage, 'width' | 'height'>): ImageDimensions {
  return { width, height, orientation: 1 };
}

/** File of `bytes` bytes with an image of 1 × 1 pixels. */
export function imageFile(path: string, bytes: number): ImageFile {
  return { path, bytes, dimensions: { width: 1, height: 1, orientation: 1 } };
}

/** Decoded file whose working copy is as large as the file. */
export function decodedFile(image: RgbImage): DecodedFile {
  return { image, dimensions: dimensionsOf(image), conversions: [] };
}

/** Answer of a decoder for a file with this image. */
export function decodedImage(path: string, image: RgbImage): Exclude<Decoded, { readonly skipped: SkippedFile }> {
  return { ...decodedFile(image), path, thumbnail: { width: 1, height: 1, data: new Uint8ClampedArray(4) } };
}

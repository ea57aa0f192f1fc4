import type { ImageDimensions, Orientation } from '../../domain/images.ts';
import { viewOf } from './bytes.ts';

const ORIENTATION_TAG = 0x0112;

/** Reads the orientation of an EXIF block (with or without its `Exif\0\0`); 1 if missing or invalid. */
export function readOrientation(exif: Uint8Array): Orientation {
  const tiff = exif[0] === 0x45 && exif[1] === 0x78 ? exif.subarray(6) : exif;
  if (tiff.length < 8) return 1;
  const view = viewOf(tiff);
  const littleEndian = view.getUint16(0) === 0x4949;
  const directory = view.getUint32(4, littleEndian);
  if (directory + 2 > tiff.length) return 1;
  const entries = view.getUint16(directory, littleEndian);
  for (let at = directory + 2; at + 12 <= Math.min(tiff.length, directory + 2 + entries * 12); at += 12) {
    if (view.getUint16(at, littleEndian) !== ORIENTATION_TAG) continue;
    const value = view.getUint16(at + 8, littleEndian);
    return value >= 1 && value <= 8 ? (value as Orientation) : 1;
  }
  return 1;
}

/** True if the upright image has the stored one's width and height swapped. */
export function swapsSides(orientation: Orientation): boolean {
  return orientation >= 5;
}

/** Upright size of an image that is stored as width × height pixels. */
export function uprightDimensions(width: number, height: number, orientation: Orientation): ImageDimensions {
  return swapsSides(orientation) ? { width: height, height: width, orientation } : { width, height, orientation };
}

/**
 * 2D transform (a, b, c, d, e, f of a canvas) that draws a stored image upright, where width and height are those of the
 * upright image.
 */
export function uprightTransform(
  orientation: Orientation,
  width: number,
  height: number,
): [number, number, number, number, number, number] {
  switch (orientation) {
    case 1:
      return [1, 0, 0, 1, 0, 0];
    case 2:
      return [-1, 0, 0, 1, width, 0];
    case 3:
      return [-1, 0, 0, -1, width, height];
    case 4:
      return [1, 0, 0, -1, 0, height];
    case 5:
      return [0, 1, 1, 0, 0, 0];
    case 6:
      return [0, 1, -1, 0, width, 0];
    case 7:
      return [0, -1, -1, 0, width, height];
    case 8:
      return [0, -1, 1, 0, 0, height];
  }
}

import type { ImageDimensions, Orientation, RgbImage } from '../../domain/images.ts';
import { viewOf } from './bytes.ts';

const ORIENTATION_TAG = 0x0112;

/** Reads the orientation of an EXIF block (with or without its `Exif\0\0`); 1 if missing or invalid. */
export function readOrientation(exif: Uint8Array): Orientation {
  const value = findOrientation(exif)?.read() ?? 1;
  return value >= 1 && value <= 8 ? (value as Orientation) : 1;
}

/** Sets the orientation of an EXIF block to upright. */
export function clearOrientation(exif: Uint8Array): void {
  findOrientation(exif)?.clear();
}

function findOrientation(exif: Uint8Array): { read(): number; clear(): void } | undefined {
  const tiff = exif[0] === 0x45 && exif[1] === 0x78 ? exif.subarray(6) : exif;
  if (tiff.length < 8) return undefined;
  const view = viewOf(tiff);
  const littleEndian = view.getUint16(0) === 0x4949;
  const directory = view.getUint32(4, littleEndian);
  if (directory + 2 > tiff.length) return undefined;
  const entries = view.getUint16(directory, littleEndian);
  for (let at = directory + 2; at + 12 <= Math.min(tiff.length, directory + 2 + entries * 12); at += 12) {
    if (view.getUint16(at, littleEndian) !== ORIENTATION_TAG) continue;
    return {
      read: () => view.getUint16(at + 8, littleEndian),
      clear: () => view.setUint16(at + 8, 1, littleEndian),
    };
  }
  return undefined;
}

/** True if the upright image has the stored one's width and height swapped. */
export function swapsSides(orientation: Orientation): boolean {
  return orientation >= 5;
}

/** Upright size of an image that is stored as width × height pixels. */
export function uprightDimensions(width: number, height: number, orientation: Orientation): ImageDimensions {
  return swapsSides(orientation) ? { width: height, height: width, orientation } : { width, height, orientation };
}

/** Turns a stored image upright. */
export function turnUpright(image: RgbImage, orientation: Orientation): RgbImage {
  if (orientation === 1) return image;
  const data = new Uint8Array(image.data.length);
  const { size, origin, right, down } = uprightSteps(image.width, image.height, orientation);
  for (let y = 0, from = 0; y < image.height; y++) {
    for (let x = 0, to = (origin + y * down) * 3; x < image.width; x++, to += right * 3) {
      data[to] = image.data[from++];
      data[to + 1] = image.data[from++];
      data[to + 2] = image.data[from++];
    }
  }
  return { ...size, data };
}

/** Where the pixels of a stored image of width × height pixels lie upright. */
export interface UprightSteps {
  /** Size of the upright image. */
  readonly size: { readonly width: number; readonly height: number };
  /** Index of the pixel that is stored first. */
  readonly origin: number;
  /** Steps of that index to the next stored column and row. */
  readonly right: number;
  readonly down: number;
}

/** The upright pixel of stored column x and row y has the index `origin + x * right + y * down`. */
export function uprightSteps(width: number, height: number, orientation: Orientation): UprightSteps {
  const size = swapsSides(orientation) ? { width: height, height: width } : { width, height };
  const last = width * height - 1;
  const row = size.width;
  const [origin, right, down] = (
    {
      1: [0, 1, row],
      2: [row - 1, -1, row],
      3: [last, -1, -row],
      4: [last + 1 - row, 1, -row],
      5: [0, row, 1],
      6: [row - 1, row, -1],
      7: [last, -row, -1],
      8: [last + 1 - row, -row, 1],
    } as const
  )[orientation];
  return { size, origin, right, down };
}

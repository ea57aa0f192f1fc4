import type { Conversion, Orientation } from '../../../domain/images.ts';
import type { Refusal } from '../refusal.ts';

/** Numbers of an image, in the type of its file. */
export type Samples =
  | Uint8Array
  | Uint8ClampedArray
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | Float32Array
  | Float64Array;

/** Pixels of an image as its file stores them: not yet upright, of any depth. */
export interface StoredPixels {
  readonly width: number;
  readonly height: number;
  /** How to turn it upright. */
  readonly orientation: Orientation;
  /** Gray, gray and alpha, RGB, or RGB and alpha. */
  readonly channels: 1 | 2 | 3 | 4;
  /** Set where samples aren't plain 8-bit levels: they are stretched to those. */
  readonly deep?: DeepSamples;
  /** Colors are already multiplied by alpha. */
  readonly isPremultiplied?: boolean;
  /** What was changed while reading it. */
  readonly conversions: readonly Conversion[];
  /** Returns the interleaved samples of `count` rows from `top`, valid until the next call. Strips come in any order. */
  rows(top: number, count: number): Samples | Promise<Samples>;
  /** Frees what it holds. */
  close?(): void;
}

/** Images that a file holds. */
export interface OpenFile {
  readonly pages: number;
  /** Opens a page, counted from 1. */
  open(page: number): Promise<StoredPixels | Refusal>;
}

export interface DeepSamples {
  /** Alpha of opaque pixels. */
  readonly opaque: number;
  /** Small numbers are bright. */
  readonly isInverted?: boolean;
  /** Marks pixels without a value. */
  readonly missing?: number;
}

/** StoredPixels of samples in memory. */
export function storedPixels(
  samples: Samples,
  parts: Omit<StoredPixels, 'rows' | 'conversions'> & Partial<Pick<StoredPixels, 'conversions'>>,
): StoredPixels {
  const rowLength = parts.width * parts.channels;
  if (samples.length < rowLength * parts.height)
    throw new Error(`${samples.length} samples instead of ${rowLength * parts.height}`);
  const rows = (top: number, count: number): Samples => samples.subarray(top * rowLength, (top + count) * rowLength);
  return { conversions: [], ...parts, rows };
}

/** Number of rows of `width` pixels to read at a time: a megapixel or two, in multiples of `step`. */
export function stripRows(width: number, step = 1): number {
  return Math.max(1, Math.floor(2 ** 20 / (width * step))) * step;
}

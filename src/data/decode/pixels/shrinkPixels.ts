import type { Conversion, DecodedFile, RgbImage } from '../../../domain/images.ts';
import { resizeExtent } from '../../resample.ts';
import { swapsSides, turnUpright, uprightDimensions } from '../orientation.ts';
import { shrunkSize, type TargetSize } from '../targetSize.ts';
import { createFlatten } from './flatten.ts';
import { stripRows, type StoredPixels, type Samples } from './storedPixels.ts';
import { createStretch, findRange } from './stretch.ts';

/** Largest blocks whose sums of a row fit into 16 bits. */
const MAX_FACTOR = 256;

/** Brings stored pixels to 8-bit RGB of `target`, upright, transparent pixels on gray. The same everywhere, bit for bit. */
export async function shrinkPixels(stored: StoredPixels, target: TargetSize): Promise<DecodedFile> {
  const { width, height, orientation, deep } = stored;
  const dimensions = uprightDimensions(width, height, orientation);
  const upright = shrunkSize(dimensions.width, dimensions.height, target);
  const size = swapsSides(orientation) ? { width: upright.height, height: upright.width } : upright;
  // Averages of whole blocks are fast and exact; a bicubic filter does the last two to four times.
  const times = Math.floor(Math.min(width / size.width, height / size.height) / 2);
  const factor = Math.max(1, Math.min(MAX_FACTOR, times));
  const stretch = deep && createStretch(stored, deep, await findRange(stored, deep));
  const averaged = await averageBlocks(stored, factor, stretch);
  const extent = { width: width / factor, height: height / factor };
  const shrunk = resizeExtent(averaged, extent, size, 'bicubic');
  const conversions: Conversion[] = [...stored.conversions, ...(deep ? (['stretched'] as const) : [])];
  return { image: turnUpright(shrunk, orientation), dimensions, conversions };
}

/** Averages blocks of factor × factor pixels; those at the right and lower edge may be smaller. */
async function averageBlocks(
  stored: StoredPixels,
  factor: number,
  stretch: ((samples: Samples) => Uint8Array) | undefined,
): Promise<RgbImage> {
  const { width, height } = stored;
  const result = { width: Math.ceil(width / factor), height: Math.ceil(height / factor) };
  const data = new Uint8Array(result.width * result.height * 3);
  const flatten = createFlatten(stored);
  const strip = stripRows(width, factor);
  for (let top = 0; top < height; top += strip) {
    const samples = await stored.rows(top, Math.min(strip, height - top));
    const from = (top / factor) * result.width * 3;
    const averages = data.subarray(from);
    if (factor > 1 && stored.channels === 4 && !stretch && averageOpaque(samples, width, factor, averages)) continue;
    const rgb = flatten(stretch ? stretch(samples) : (samples as Uint8Array));
    if (factor === 1) data.set(rgb, from);
    else averageStrip(rgb, width, factor, averages);
  }
  return { ...result, data };
}

/** Averages a strip of 8-bit RGBA without looking at each byte; false if a pixel isn't opaque. */
function averageOpaque(rgba: Samples, width: number, factor: number, result: Uint8Array): boolean {
  const words = new Uint32Array(rgba.buffer, rgba.byteOffset, rgba.length / 4);
  const height = words.length / width;
  const sums = new Uint32Array(Math.ceil(width / factor) * 3);
  for (let top = 0, to = 0; top < height; top += factor) {
    const rows = Math.min(factor, height - top);
    sums.fill(0);
    let alpha = OPAQUE;
    for (let row = top; row < top + rows; row++) alpha &= addWords(words, row * width, width, factor, sums);
    if ((alpha & OPAQUE) !== OPAQUE) return false;
    to = writeAverages(sums, { width, factor, rows }, result, to);
  }
  return true;
}

/** Alpha of an opaque pixel: its last byte, the highest of a word. */
const OPAQUE = 0xff << 24;

/** Adds a row of RGBA words to the sums of its blocks. Returns the bits that all of its pixels have. */
function addWords(words: Uint32Array, start: number, width: number, factor: number, sums: Uint32Array): number {
  let all = -1;
  for (let left = 0, to = 0, from = start; left < width; left += factor, to += 3) {
    const end = start + Math.min(left + factor, width);
    // Red in the lower half, blue in the upper one.
    let [redBlue, green] = [0, 0];
    for (; from < end; from++) {
      const word = words[from];
      all &= word;
      redBlue = (redBlue + (word & 0xff00ff)) | 0;
      green += (word >>> 8) & 0xff;
    }
    sums[to] += redBlue & 0xffff;
    sums[to + 1] += green;
    sums[to + 2] += redBlue >>> 16;
  }
  return all;
}

function writeAverages(
  sums: Uint32Array,
  { width, factor, rows }: { width: number; factor: number; rows: number },
  result: Uint8Array,
  start: number,
): number {
  let to = start;
  for (let left = 0, at = 0; left < width; left += factor) {
    const pixels = rows * Math.min(factor, width - left);
    for (let channel = 0; channel < 3; channel++) result[to++] = Math.round(sums[at++] / pixels);
  }
  return to;
}

function averageStrip(rgb: Uint8Array | Uint8ClampedArray, width: number, factor: number, result: Uint8Array): void {
  const height = rgb.length / (width * 3);
  const sums = new Uint32Array(Math.ceil(width / factor) * 3);
  for (let top = 0, to = 0; top < height; top += factor) {
    const rows = Math.min(factor, height - top);
    sums.fill(0);
    for (let row = top; row < top + rows; row++) addRow(rgb, row * width * 3, width, factor, sums);
    to = writeAverages(sums, { width, factor, rows }, result, to);
  }
}

function addRow(
  rgb: Uint8Array | Uint8ClampedArray,
  start: number,
  width: number,
  factor: number,
  sums: Uint32Array,
): void {
  for (let left = 0, to = 0, from = start; left < width; left += factor, to += 3) {
    const end = start + Math.min(left + factor, width) * 3;
    let [red, green, blue] = [0, 0, 0];
    for (; from < end; from += 3) {
      red += rgb[from];
      green += rgb[from + 1];
      blue += rgb[from + 2];
    }
    sums[to] += red;
    sums[to + 1] += green;
    sums[to + 2] += blue;
  }
}

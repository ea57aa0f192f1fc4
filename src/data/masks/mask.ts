import { decode } from 'fast-png';
import { errorMessage, UserError } from '../../lib/errors.ts';

/** A value per pixel, row by row: class indices, or colors that stand for classes (see `colorValue`). */
export interface Mask {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array | Uint32Array;
}

/** Larger masks are refused before decoding: a header may claim any size. */
const MAX_PIXELS = 2 ** 27;
/** Offset of color values, above all class indices. */
const COLOR = 2 ** 24;

/** Mask value of a color. */
export const colorValue = (red: number, green: number, blue: number): number =>
  COLOR + red * 65536 + green * 256 + blue;

/** Name of a mask value: its number, or its color as #rrggbb. */
export function maskValueName(value: number): string {
  return value < COLOR ? String(value) : `#${(value - COLOR).toString(16).padStart(6, '0')}`;
}

/**
 * Decodes a PNG mask. In a palette or gray PNG of up to 8 bits the stored values are the classes, as in PASCAL VOC and ADE20K
 * (image decoders would turn them into colors); in an RGB PNG every color is a class. Throws `metrics/mask-format`, naming
 * the file.
 */
export function decodeMask(bytes: Uint8Array, name: string): Mask {
  const fail = (problem: string): UserError =>
    new UserError(
      'metrics/mask-format',
      `The mask "${name}" ${problem}. Masks are palette, gray or RGB PNG files of up to 8 bits.`,
    );
  const [claimedWidth, claimedHeight] = sizeInHeader(bytes);
  if (claimedWidth * claimedHeight > MAX_PIXELS)
    throw fail(`claims ${claimedWidth}×${claimedHeight} pixels, more than is read`);
  let png: ReturnType<typeof decode>;
  try {
    png = decode(bytes);
  } catch (error) {
    throw fail(`can't be decoded (${errorMessage(error)})`);
  }
  const { width, height, channels, depth, data } = png;
  if (depth > 8) throw fail(`has ${depth} bits a channel`);
  if (channels === 2) throw fail('has transparency beside its gray values');
  if (channels > 1) return { width, height, data: colorsOf(data as Uint8Array, channels) };
  return { width, height, data: unpack(data as Uint8Array, width, height, depth) };
}

/** Size in the PNG header; 0 × 0 if there is none. */
function sizeInHeader(bytes: Uint8Array): [width: number, height: number] {
  if (bytes.length < 24) return [0, 0];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return [view.getUint32(16), view.getUint32(20)];
}

/** Color values of RGB or RGBA pixels; alpha is ignored. */
function colorsOf(data: Uint8Array, channels: number): Uint32Array {
  return Uint32Array.from({ length: data.length / channels }, (_, pixel) => {
    const at = pixel * channels;
    return colorValue(data[at], data[at + 1], data[at + 2]);
  });
}

/** Unpacks several values per byte, the leftmost in the highest bits; every row starts at a byte. */
function unpack(rows: Uint8Array, width: number, height: number, depth: number): Uint8Array {
  if (depth === 8) return rows;
  const rowBytes = Math.ceil((width * depth) / 8);
  const values = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const bit = x * depth;
      const byte = rows[y * rowBytes + (bit >> 3)];
      values[y * width + x] = (byte >> (8 - depth - (bit & 7))) & ((1 << depth) - 1);
    }
  }
  return values;
}

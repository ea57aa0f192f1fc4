import { decode, type DecodedPng } from 'fast-png';
import { MAX_PIXELS } from '../decode/sniff.ts';
import { decodeInterlaced, isInterlacedBelow8Bits } from './interlacedPng.ts';
import { errorMessage, UserError } from '../../lib/errors.ts';

/** A value per pixel, row by row: class indices, or colors that stand for classes (see `colorValue`). */
export interface Mask {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array | Uint16Array | Uint32Array;
}

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
 * Decodes a PNG mask. In a palette or gray PNG the stored values are the classes, as in PASCAL VOC and ADE20K (image decoders
 * would turn them into colors); in an RGB PNG every color is a class. Transparency is ignored. Throws `metrics/mask-format`,
 * naming the file.
 */
export function decodeMask(bytes: Uint8Array, name: string): Mask {
  const fail = (problem: string): UserError =>
    new UserError(
      'metrics/mask-format',
      `The mask "${name}" ${problem}. Masks are PNG files: palette, gray, or RGB of 8 bits.`,
    );
  const [claimedWidth, claimedHeight] = sizeInHeader(bytes);
  // Before decoding: a header may claim any size.
  if (claimedWidth * claimedHeight > MAX_PIXELS)
    throw fail(`claims ${claimedWidth}×${claimedHeight} pixels, more than is read`);
  if (bytes[0] === 0xff && bytes[1] === 0xd8) throw fail('is a JPEG, whose compression changes values');
  let png: DecodedPng;
  try {
    if (isInterlacedBelow8Bits(bytes)) {
      const [width, height, depth] = [claimedWidth, claimedHeight, bytes[24]];
      return { width, height, data: decodeInterlaced(bytes, width, height, (rows, w, h) => unpack(rows, w, h, depth)) };
    }
    png = decode(bytes);
  } catch (error) {
    throw fail(`can't be decoded (${errorMessage(error)})`);
  }
  const { width, height, channels, depth, data } = png;
  if (channels > 2) {
    if (depth > 8) throw fail(`has colors of ${depth} bits a channel`);
    return { width, height, data: colorsOf(data as Uint8Array, channels) };
  }
  if (depth > 8) return { width, height, data: firstOf(data as Uint16Array, channels) };
  return { width, height, data: firstOf(unpack(data as Uint8Array, width, height, depth), channels) };
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

/** First channel of interleaved values. */
function firstOf<Values extends Uint8Array | Uint16Array>(data: Values, channels: number): Values {
  return channels === 1 ? data : (data.filter((_, at) => at % channels === 0) as Values);
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

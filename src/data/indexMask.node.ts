import { decode } from 'fast-png';
import { errorMessage, UserError } from '../lib/errors.ts';

/** Class indices of a picture, row by row. */
export interface IndexMask {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/**
 * The stored values of a palette or gray PNG of up to 8 bits: class indices in the way of PASCAL VOC and ADE20K.
 * Image decoders would turn a palette into colours. Throws `metrics/mask-format` naming the file.
 */
export function decodeIndexPng(bytes: Uint8Array, name: string): IndexMask {
  const fail = (problem: string): UserError =>
    new UserError(
      'metrics/mask-format',
      `The mask "${name}" ${problem}. Masks are palette or gray PNG files of up to 8 bits.`,
    );
  let png: ReturnType<typeof decode>;
  try {
    png = decode(bytes);
  } catch (error) {
    throw fail(`can't be decoded (${errorMessage(error)})`);
  }
  const { width, height, channels, depth, data } = png;
  if (channels !== 1 || depth > 8) throw fail('holds colours, not class indices');
  return { width, height, data: unpack(data as Uint8Array, width, height, depth) };
}

/** Several values a byte, the leftmost in the highest bits; every row starts at a byte. */
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

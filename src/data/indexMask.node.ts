import { inflateSync } from 'node:zlib';
import { errorMessage, UserError } from '../lib/errors.ts';

/** Class indices of a picture, row by row. */
export interface IndexMask {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const GRAY = 0;
const PALETTE = 3;

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
  if (!SIGNATURE.every((value, index) => bytes[index] === value)) throw fail('is not a PNG file');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 33) throw fail('is cut short');
  const [width, height] = [view.getUint32(16), view.getUint32(20)];
  const [depth, colour, , , interlaced] = bytes.subarray(24, 29);
  if ((colour !== GRAY && colour !== PALETTE) || depth > 8) throw fail('holds colours, not class indices');
  if (interlaced) throw fail('is interlaced');
  const rowBytes = Math.ceil((width * depth) / 8);
  let rows: Uint8Array;
  try {
    rows = inflateSync(imageData(bytes, view), { maxOutputLength: (rowBytes + 1) * height });
  } catch (error) {
    throw fail(`is damaged (${errorMessage(error)})`);
  }
  if (rows.length !== (rowBytes + 1) * height) throw fail('is cut short');
  return { width, height, data: unpack(unfilter(rows, rowBytes), width, height, depth) };
}

/** The IDAT chunks, joined. Chunk: length, type, data, checksum. */
function imageData(bytes: Uint8Array, view: DataView): Uint8Array {
  const parts: Uint8Array[] = [];
  for (let at = 8; at + 12 <= bytes.length; at += 12 + view.getUint32(at)) {
    if (view.getUint32(at + 4) === 0x49444154) parts.push(bytes.subarray(at + 8, at + 8 + view.getUint32(at)));
  }
  return Buffer.concat(parts);
}

/** Undoes PNG's row filters (PNG 1.2, section 6); with at most 8 bits a pixel the left neighbour is one byte away. */
function unfilter(rows: Uint8Array, rowBytes: number): Uint8Array {
  const height = rows.length / (rowBytes + 1);
  const out = new Uint8Array(rowBytes * height);
  for (let y = 0; y < height; y++) {
    const filter = rows[y * (rowBytes + 1)];
    for (let x = 0; x < rowBytes; x++) {
      const at = y * rowBytes + x;
      const left = x > 0 ? out[at - 1] : 0;
      const up = y > 0 ? out[at - rowBytes] : 0;
      const corner = x > 0 && y > 0 ? out[at - rowBytes - 1] : 0;
      out[at] = rows[y * (rowBytes + 1) + 1 + x] + predict(filter, left, up, corner);
    }
  }
  return out;
}

function predict(filter: number, left: number, up: number, corner: number): number {
  if (filter === 1) return left;
  if (filter === 2) return up;
  if (filter === 3) return (left + up) >> 1;
  if (filter !== 4) return 0;
  const estimate = left + up - corner;
  const [toLeft, toUp, toCorner] = [left, up, corner].map((value) => Math.abs(estimate - value));
  return toLeft <= toUp && toLeft <= toCorner ? left : toUp <= toCorner ? up : corner;
}

/** Values of 1, 2 or 4 bits share a byte, the leftmost in the high bits; rows start on a byte. */
function unpack(packed: Uint8Array, width: number, height: number, depth: number): Uint8Array {
  if (depth === 8) return packed;
  const rowBytes = packed.length / height;
  const perByte = 8 / depth;
  return Uint8Array.from({ length: width * height }, (_, pixel) => {
    const [x, y] = [pixel % width, Math.floor(pixel / width)];
    const shift = 8 - depth * ((x % perByte) + 1);
    return (packed[y * rowBytes + Math.floor(x / perByte)] >> shift) & ((1 << depth) - 1);
  });
}

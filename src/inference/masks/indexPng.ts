import type { Color } from '../../domain/palette.ts';
import { crc32 } from '../../lib/zip/crc32.ts';

/** Pixels that are compressed at a time, so that a large mask is never in memory as a whole. */
const BAND_PIXELS = 1 << 18;

interface Indices {
  readonly width: number;
  readonly height: number;
  /** Index of a band's pixels, from row `top` to before row `bottom`. */
  rows(top: number, bottom: number): ArrayLike<number>;
}

/** PNG of indices, in chunks: 8 bits under a palette, or 16 bits of gray without one. */
export async function indexPng(
  { width, height, rows }: Indices,
  palette: readonly Color[] | undefined,
): Promise<Uint8Array[]> {
  const { readable, writable } = new CompressionStream('deflate');
  const compressed = readAll(readable);
  const writer = writable.getWriter();
  const step = Math.max(1, Math.floor(BAND_PIXELS / width));
  for (let top = 0; top < height; top += step) {
    await writer.write(scanlines(rows(top, Math.min(height, top + step)), width, palette ? 1 : 2));
  }
  await writer.close();
  return [
    Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a),
    chunk('IHDR', headerOf(width, height, palette !== undefined)),
    ...(palette ? [chunk('PLTE', Uint8Array.from(palette.flat()))] : []),
    ...(await compressed).map((data) => chunk('IDAT', data)),
    chunk('IEND', new Uint8Array(0)),
  ];
}

async function readAll(readable: CompressionStream['readable']): Promise<Uint8Array[]> {
  const reader = readable.getReader();
  const parts: Uint8Array[] = [];
  for (;;) {
    const { value } = await reader.read();
    if (!value) return parts;
    parts.push(value);
  }
}

const [GRAY, INDEXED] = [0, 3];

function headerOf(width: number, height: number, isIndexed: boolean): Uint8Array {
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  // Depth and color type; then the only methods of compression and filtering, and no interlacing.
  header.set(isIndexed ? [8, INDEXED] : [16, GRAY], 8);
  return header;
}

/** Rows with a filter byte before each: none, as differences of indices mean nothing. */
function scanlines(indices: ArrayLike<number>, width: number, bytes: 1 | 2): Uint8Array<ArrayBuffer> {
  const length = width * bytes + 1;
  const lines = new Uint8Array((indices.length / width) * length);
  for (let from = 0, start = 1; from < indices.length; from += width, start += length) {
    for (let x = 0; x < width; x++) {
      const value = indices[from + x];
      if (bytes === 1) lines[start + x] = value;
      else {
        lines[start + 2 * x] = value >>> 8;
        lines[start + 2 * x + 1] = value;
      }
    }
  }
  return lines;
}

function chunk(type: string, data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(data.length + 12);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, data.length);
  for (let at = 0; at < 4; at++) bytes[4 + at] = type.charCodeAt(at);
  bytes.set(data, 8);
  view.setUint32(8 + data.length, crc32(bytes.subarray(4, 8 + data.length)));
  return bytes;
}

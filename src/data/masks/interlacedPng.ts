import { decode } from 'fast-png';
import { unzlibSync, zlibSync } from 'fflate';
import { joinChunks } from '../../lib/joinChunks.ts';

/** Places of the seven passes (Adam7) in each 8×8 pixels. */
const PASSES = [
  { x: 0, y: 0, across: 8, down: 8 },
  { x: 4, y: 0, across: 8, down: 8 },
  { x: 0, y: 4, across: 4, down: 8 },
  { x: 2, y: 0, across: 4, down: 4 },
  { x: 0, y: 2, across: 2, down: 4 },
  { x: 1, y: 0, across: 2, down: 2 },
  { x: 0, y: 1, across: 1, down: 2 },
] as const;

const HEADER_END = 33;
const INTERLACE = 28;

/** True for an interlaced PNG with several pixels in a byte, which fast-png reads as one pixel in each. */
export function isInterlacedBelow8Bits(png: Uint8Array): boolean {
  return png.length > HEADER_END && png[INTERLACE] === 1 && png[24] < 8;
}

/**
 * Decodes such a PNG: each of its passes is an image of its own, written as a plain PNG for fast-png. Returns a value per
 * pixel, [height,width]. `unpack` separates the pixels of a pass.
 */
export function decodeInterlaced(
  png: Uint8Array,
  width: number,
  height: number,
  unpack: (rows: Uint8Array, width: number, height: number) => Uint8Array,
): Uint8Array {
  const rows = unzlibSync(joinChunks(chunksOf(png, 'IDAT')));
  const values = new Uint8Array(width * height);
  let from = 0;
  for (const { x, y, across, down } of PASSES) {
    const [passWidth, passHeight] = [Math.ceil((width - x) / across), Math.ceil((height - y) / down)];
    if (passWidth <= 0 || passHeight <= 0) continue;
    const bytes = passHeight * (1 + Math.ceil((passWidth * png[24]) / 8));
    if (from + bytes > rows.length) throw new Error('pixels are missing');
    const { data } = decode(plainPng(png, passWidth, passHeight, rows.subarray(from, from + bytes)));
    unpack(data as Uint8Array, passWidth, passHeight).forEach((value, at) => {
      const [column, row] = [at % passWidth, Math.floor(at / passWidth)];
      values[(y + row * down) * width + x + column * across] = value;
    });
    from += bytes;
  }
  return values;
}

/** A gray PNG of filtered rows, with the bit depth of another one. Checksums are left out: nothing reads them. */
function plainPng(like: Uint8Array, width: number, height: number, rows: Uint8Array): Uint8Array {
  // Node's Buffer.slice() would share its memory.
  const header = Uint8Array.from(like.subarray(0, HEADER_END));
  const view = new DataView(header.buffer);
  view.setUint32(16, width);
  view.setUint32(20, height);
  header[25] = 0;
  header[INTERLACE] = 0;
  return joinChunks([header, chunk('IDAT', zlibSync(rows, { level: 0 })), chunk('IEND', new Uint8Array(0))]);
}

function chunk(type: string, data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(data.length + 12);
  new DataView(bytes.buffer).setUint32(0, data.length);
  bytes.set(new TextEncoder().encode(type), 4);
  bytes.set(data, 8);
  return bytes;
}

/** Contents of all chunks of a type. */
function chunksOf(png: Uint8Array, type: string): Uint8Array[] {
  const view = new DataView(png.buffer, png.byteOffset, png.byteLength);
  const found: Uint8Array[] = [];
  for (let at = 8; at + 12 <= png.length;) {
    const end = at + 8 + view.getUint32(at);
    if (end + 4 > png.length) break;
    if (String.fromCharCode(...png.subarray(at + 4, at + 8)) === type) found.push(png.subarray(at + 8, end));
    at = end + 4;
  }
  return found;
}

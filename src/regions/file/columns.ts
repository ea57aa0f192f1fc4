import { crc32 } from '../../lib/zip/crc32.ts';

/**
 * The file of a table: parts that are appended one after the other, so that a pass goes on where it was ended.
 *
 *   part:     kind and length of its content as two 32-bit numbers, CRC-32 of the content, zero; content
 *   content:  first part JSON (`RegionOrigin`); every other one JSON (paths) and columns of some photographs, each in whole
 *             units of 8 bytes after its length
 *
 * Little-endian. A part that is cut off or damaged, and what follows it, counts as not written.
 */
export const PART_HEAD_BYTES = 16;
export const ORIGIN_PART = 0x31524753; // "SGR1"
export const PHOTOGRAPHS_PART = 0x31504753; // "SGP1"

type Column = Uint8Array | Uint16Array | Uint32Array | Float32Array | Float64Array;

/** Joins columns into a part of the file. */
export function packPart(kind: number, columns: readonly Column[]): Uint8Array<ArrayBuffer> {
  const bytes = columns.reduce((sum, { byteLength }) => sum + 8 + wholeUnits(byteLength), 0);
  const part = new Uint8Array(PART_HEAD_BYTES + bytes);
  const view = new DataView(part.buffer);
  let at = PART_HEAD_BYTES;
  for (const { buffer, byteOffset, byteLength } of columns) {
    view.setUint32(at, byteLength, true);
    part.set(new Uint8Array(buffer, byteOffset, byteLength), at + 8);
    at += 8 + wholeUnits(byteLength);
  }
  view.setUint32(0, kind, true);
  view.setUint32(4, bytes, true);
  view.setUint32(8, crc32(part.subarray(PART_HEAD_BYTES)), true);
  return part;
}

export function readHead(bytes: Uint8Array): { readonly kind: number; readonly length: number; readonly crc: number } {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  return { kind: view.getUint32(0, true), length: view.getUint32(4, true), crc: view.getUint32(8, true) };
}

/** Takes the columns of a part one after the other, in their order, without copying. */
export function unpackContent(content: Uint8Array<ArrayBuffer>) {
  const view = new DataView(content.buffer, content.byteOffset);
  let at = 0;
  const take = (): { readonly start: number; readonly length: number } => {
    const length = view.getUint32(at, true);
    const start = content.byteOffset + at + 8;
    at += 8 + wholeUnits(length);
    return { start, length };
  };
  const typed =
    <Made>(make: new (buffer: ArrayBuffer, start: number, count: number) => Made, size: number): (() => Made) =>
    () => {
      const { start, length } = take();
      return new make(content.buffer, start, length / size);
    };
  const bytes = typed(Uint8Array<ArrayBuffer>, 1);
  return {
    json: (): unknown => JSON.parse(new TextDecoder().decode(bytes())),
    u8: bytes,
    u16: typed(Uint16Array<ArrayBuffer>, 2),
    u32: typed(Uint32Array<ArrayBuffer>, 4),
    f32: typed(Float32Array<ArrayBuffer>, 4),
    f64: typed(Float64Array<ArrayBuffer>, 8),
  };
}

/** Columns begin at whole units of 8 bytes, as typed arrays need. */
const wholeUnits = (bytes: number): number => 8 * Math.ceil(bytes / 8);

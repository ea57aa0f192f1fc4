/** `length` bytes from `at` as Latin-1 characters; shorter where the bytes end. */
export function ascii(bytes: Uint8Array, at: number, length: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + length));
}

export function startsWith(bytes: Uint8Array, magic: readonly number[], at = 0): boolean {
  return magic.every((byte, index) => bytes[at + index] === byte);
}

/** A view for reading numbers; reading past the end throws a RangeError, which callers take as "cut short". */
export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Three bytes, least significant first. */
export function uint24le(view: DataView, at: number): number {
  return view.getUint16(at, true) | (view.getUint8(at + 2) << 16);
}

/** CRC-32 (ISO 3309) of `bytes[from, to)`, as PNG chunks carry it. */
export function crc32(bytes: Uint8Array, from: number, to: number): number {
  let crc = 0xffffffff;
  for (let index = from; index < to; index++) crc = CRC_TABLE[(crc ^ bytes[index]) & 0xff] ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? 0xedb88320 ^ (crc >>> 1) : crc >>> 1;
  return crc;
});

/** A box of the ISO base media format (AVIF, JPEG XL): its body is `bytes[start, end)`. */
export interface ContainerBox {
  readonly type: string;
  readonly start: number;
  /** May lie beyond the bytes where the file was cut. */
  readonly end: number;
}

/** The boxes that lie side by side in `bytes[from, to)`. */
export function readContainerBoxes(bytes: Uint8Array, from = 0, to = bytes.length): ContainerBox[] {
  const view = viewOf(bytes);
  const boxes: ContainerBox[] = [];
  for (let at = from; at + 8 <= Math.min(to, bytes.length);) {
    const short = view.getUint32(at);
    const type = ascii(bytes, at + 4, 4);
    const header = short === 1 ? 16 : 8;
    // Size 0: the box goes on to the end. Size 1: 64 bits of size follow.
    const size = short === 0 ? to - at : short === 1 ? Number(view.getBigUint64(at + 8)) : short;
    if (size < header) break;
    boxes.push({ type, start: at + header, end: at + size });
    at += size;
  }
  return boxes;
}

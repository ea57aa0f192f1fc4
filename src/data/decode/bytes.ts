/** `length` bytes from `at` as Latin-1 characters; fewer at the end of the bytes. */
export function ascii(bytes: Uint8Array, at: number, length: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + length));
}

export function startsWith(bytes: Uint8Array, magic: readonly number[], at = 0): boolean {
  return magic.every((byte, index) => bytes[at + index] === byte);
}

/** DataView of `bytes`. Reading past the end throws a RangeError, which callers report as a truncated file. */
export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Three bytes, least significant first. */
export function uint24le(view: DataView, at: number): number {
  return view.getUint16(at, true) | (view.getUint8(at + 2) << 16);
}

/** A box of the ISO base media format (AVIF, HEIC, JPEG XL): its body is `bytes[start, end)`. */
export interface ContainerBox {
  readonly type: string;
  readonly start: number;
  /** Beyond the bytes if the file is truncated. */
  readonly end: number;
}

/** Sibling boxes in `bytes[from, to)`. */
export function readContainerBoxes(bytes: Uint8Array, from = 0, to = bytes.length): ContainerBox[] {
  const view = viewOf(bytes);
  const boxes: ContainerBox[] = [];
  for (let at = from; at + 8 <= Math.min(to, bytes.length);) {
    const short = view.getUint32(at);
    const type = ascii(bytes, at + 4, 4);
    const header = short === 1 ? 16 : 8;
    // Size 0: the box extends to the end. Size 1: 64 bits of size follow.
    const size = short === 0 ? to - at : short === 1 ? Number(view.getBigUint64(at + 8)) : short;
    if (size < header) break;
    boxes.push({ type, start: at + header, end: at + size });
    at += size;
  }
  return boxes;
}

/** Brands of an ISO base media file: the major one and the compatible ones. */
export function brandsOf(head: Uint8Array): string[] {
  if (ascii(head, 4, 4) !== 'ftyp') return [];
  const size = Math.min(head.length, (head[2] << 8) | head[3]);
  const found = [ascii(head, 8, 4)];
  for (let at = 16; at + 4 <= size; at += 4) found.push(ascii(head, at, 4));
  return found;
}

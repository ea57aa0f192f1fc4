import { crc32 } from '../../lib/zip/crc32.ts';
import { ascii, readContainerBoxes, uint24le, viewOf, type ContainerBox } from './bytes.ts';
import { readJpegSize } from './jpeg.ts';
import { corrupt, truncated, type ImageFormat, type Refusal } from './refusal.ts';

export interface ImageHeader {
  /** Pixels as stored, before any rotation. */
  readonly width: number;
  readonly height: number;
}

/** Reads the image size from a file's header. Throws a RangeError if the header extends beyond the bytes. */
export function readHeader(bytes: Uint8Array, format: ImageFormat): ImageHeader | Refusal {
  return READERS[format](bytes, viewOf(bytes));
}

const READERS: Record<ImageFormat, (bytes: Uint8Array, view: DataView) => ImageHeader | Refusal> = {
  jpeg: readJpegSize,
  png: readPng,
  gif: readGif,
  webp: readWebp,
  bmp: readBmp,
  avif: readHeif,
  heic: readHeif,
  ico: readIco,
  jxl: readJxl,
};

/** Allowed bit depths of each color type (PNG specification, table 11.1). */
const PNG_DEPTHS: Partial<Record<number, readonly number[]>> = {
  0: [1, 2, 4, 8, 16],
  2: [8, 16],
  3: [1, 2, 4, 8],
  4: [8, 16],
  6: [8, 16],
};

function readPng(bytes: Uint8Array, view: DataView): ImageHeader | Refusal {
  const crc = view.getUint32(29);
  if (view.getUint32(8) !== 13 || ascii(bytes, 12, 4) !== 'IHDR') return corrupt('The PNG does not begin with IHDR.');
  if (crc !== crc32(bytes.subarray(12, 29))) return corrupt('The checksum of the PNG header (IHDR) is wrong.');
  const [depth, colorType] = [bytes[24], bytes[25]];
  if (!PNG_DEPTHS[colorType]?.includes(depth)) {
    return corrupt(`The PNG header claims color type ${colorType} with ${depth} bits, which does not exist.`);
  }
  return { width: view.getUint32(16), height: view.getUint32(20) };
}

function readGif(_bytes: Uint8Array, view: DataView): ImageHeader | Refusal {
  const frame = firstGifFrame(view);
  if (typeof frame !== 'number') return frame;
  // Decoders enlarge the screen to hold its first frame.
  const across = view.getUint16(frame + 1, true) + view.getUint16(frame + 5, true);
  const down = view.getUint16(frame + 3, true) + view.getUint16(frame + 7, true);
  return { width: Math.max(view.getUint16(6, true), across), height: Math.max(view.getUint16(8, true), down) };
}

/** Offset of the first frame's descriptor. */
function firstGifFrame(view: DataView): number | Refusal {
  let at = 13 + gifTableBytes(view.getUint8(10));
  while (view.getUint8(at) === 0x21) at = skipGifBlocks(view, at + 2);
  const block = view.getUint8(at);
  if (block === 0x2c) return at;
  return corrupt(block === 0x3b ? 'The GIF holds no image.' : `The GIF is damaged at byte ${at}.`);
}

/** End of the pixels of the first frame; later frames are not used. */
export function gifFrameEnd(view: DataView): number {
  const frame = firstGifFrame(view);
  return typeof frame === 'number'
    ? skipGifBlocks(view, frame + 11 + gifTableBytes(view.getUint8(frame + 9)))
    : view.byteLength;
}

/** Size in bytes of the color table that a flags byte describes. */
function gifTableBytes(flags: number): number {
  return flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0;
}

/** Offset after a chain of sub-blocks; each begins with its length, the last one's is 0. */
function skipGifBlocks(view: DataView, from: number): number {
  let at = from;
  for (let size = view.getUint8(at); size > 0; size = view.getUint8(at)) at += size + 1;
  return at + 1;
}

function readWebp(bytes: Uint8Array, view: DataView): ImageHeader | Refusal {
  const kind = ascii(bytes, 12, 4);
  if (kind === 'VP8 ') return { width: view.getUint16(26, true) & 0x3fff, height: view.getUint16(28, true) & 0x3fff };
  if (kind === 'VP8L') {
    const bits = view.getUint32(21, true);
    return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
  }
  if (kind !== 'VP8X') return corrupt(`The WebP begins with an unknown part "${kind}".`);
  return { width: uint24le(view, 24) + 1, height: uint24le(view, 27) + 1 };
}

function readBmp(_bytes: Uint8Array, view: DataView): ImageHeader {
  const isOs2 = view.getUint32(14, true) === 12;
  if (isOs2) return { width: view.getUint16(18, true), height: view.getUint16(20, true) };
  // A negative height means rows from top to bottom.
  return { width: view.getInt32(18, true), height: Math.abs(view.getInt32(22, true)) };
}

function readHeif(bytes: Uint8Array, view: DataView): ImageHeader | Refusal {
  const sizes = descend(bytes, ['meta', 'iprp', 'ipco', 'ispe']).map(({ start }) => [start + 4, start + 8]);
  // An image sequence may lack a still image: then its video tracks hold the size, in 16.16 fixed point.
  const tracks = descend(bytes, ['moov', 'trak', 'tkhd']).map(({ end }) => [end - 8, end - 4]);
  let best: ImageHeader = { width: 0, height: 0 };
  for (const [offsets, unit] of [
    [sizes, 1],
    [tracks, 65536],
  ] as const) {
    for (const [x, y] of offsets) {
      // Tiles and alpha planes have sizes of their own; the image is the largest.
      const found = { width: view.getUint32(x) / unit, height: view.getUint32(y) / unit };
      if (found.width * found.height > best.width * best.height) best = found;
    }
    if (best.width > 0) return best;
  }
  const isCut = readContainerBoxes(bytes).some(({ end }) => end > bytes.length);
  return isCut ? truncated(bytes) : corrupt('The file does not say how large its image is.');
}

/** Boxes at a path, e.g. `['moov', 'trak', 'tkhd']`. */
function descend(bytes: Uint8Array, path: readonly string[]): ContainerBox[] {
  let boxes: ContainerBox[] = [{ type: '', start: 0, end: bytes.length }];
  for (const type of path) {
    boxes = boxes
      // The body of `meta` begins with four bytes of version and flags.
      .flatMap((parent) => readContainerBoxes(bytes, parent.start + (parent.type === 'meta' ? 4 : 0), parent.end))
      .filter((box) => box.type === type);
  }
  return boxes;
}

function readIco(_bytes: Uint8Array, view: DataView): ImageHeader {
  let best: ImageHeader = { width: 0, height: 0 };
  for (let entry = 0; entry < view.getUint16(4, true); entry++) {
    const offset = view.getUint32(6 + entry * 16 + 12, true);
    const isPng = offset + 24 <= view.byteLength && view.getUint32(offset) === 0x89504e47;
    // The directory has one byte per side, 0 for 256; an embedded PNG may differ.
    const found = isPng
      ? { width: view.getUint32(offset + 16), height: view.getUint32(offset + 20) }
      : { width: view.getUint8(6 + entry * 16) || 256, height: view.getUint8(7 + entry * 16) || 256 };
    if (found.width * found.height > best.width * best.height) best = found;
  }
  return best;
}

/** Ratios of width to height that JPEG XL has short codes for (ISO/IEC 18181-1, SizeHeader). */
const JXL_RATIOS = [[0, 1], [1, 1], [12, 10], [4, 3], [3, 2], [16, 9], [5, 4], [2, 1]] as const; // oxfmt-ignore

function readJxl(bytes: Uint8Array, view: DataView): ImageHeader | Refusal {
  let at = 2;
  if (bytes[0] !== 0xff) {
    const stream = readContainerBoxes(bytes).find(({ type }) => type === 'jxlc' || type === 'jxlp');
    if (!stream) return corrupt('The JPEG XL file holds no image.');
    at = stream.start + (stream.type === 'jxlp' ? 4 : 0) + 2;
  }
  let position = at * 8;
  const bits = (count: number): number => {
    let value = 0;
    for (let bit = 0; bit < count; bit++, position++) {
      value += ((view.getUint8(position >>> 3) >>> (position & 7)) & 1) * 2 ** bit;
    }
    return value;
  };
  const isSmall = bits(1) === 1;
  const side = (): number => (isSmall ? (bits(5) + 1) * 8 : bits([9, 13, 18, 30][bits(2)]) + 1);
  const height = side();
  const [across, down] = JXL_RATIOS[bits(3)];
  return { width: across === 0 ? side() : Math.floor((height * across) / down), height };
}

import { ascii, startsWith } from './bytes.ts';
import { findDamage } from './damage.ts';
import { readHeader, type ImageHeader } from './headers.ts';
import { corrupt, isRefusal, truncated, type ImageFormat, type Refusal } from './refusal.ts';

export type SniffedImage = ImageHeader & { readonly format: ImageFormat };

/** Decoding takes at least 4 bytes per pixel: 400 MB here. Resizing on load doesn't avoid it. */
export const MAX_PIXELS = 100e6;
/** Longest side that every browser's canvas supports. */
const MAX_SIDE = 16384;

/** Number of leading bytes that `sniffFormat` needs. */
export const HEAD_BYTES = 4096;

/** Detects the format by magic bytes. `head` holds the first `HEAD_BYTES` bytes of the file, or all of a shorter one. */
export function sniffFormat(head: Uint8Array): { readonly format: ImageFormat } | Refusal {
  if (head.length === 0) return { reason: 'empty', detail: 'The file is empty (0 bytes).' };
  const format = decodableFormat(head);
  if (format) return { format };
  if (isMangledPng(head)) {
    return corrupt('The PNG signature is damaged, as when a transfer takes the file for text. Copy it again.');
  }
  const unsupported = unsupportedFormat(head);
  if (unsupported) {
    const detail = `${unsupported} can't be decoded here. Save it as JPEG, PNG or WebP to use it.`;
    return { reason: 'unsupported', detail };
  }
  return { reason: 'not-an-image', detail: `Holds ${otherContent(head)}, whatever its name says.` };
}

/**
 * Checks a whole file without decoding it: format by magic bytes, size in its header against the limits, completeness of its
 * structure. The decoder may still refuse a file that passes.
 */
export function sniffImage(bytes: Uint8Array): SniffedImage | Refusal {
  const sniffed = sniffFormat(bytes.subarray(0, HEAD_BYTES));
  if (isRefusal(sniffed)) return sniffed;
  const { format } = sniffed;
  try {
    const header = readHeader(bytes, format);
    if (isRefusal(header)) return header;
    return tooLarge(header) ?? findDamage(bytes, format) ?? { format, ...header };
  } catch (thrown) {
    // Read past the end of the bytes.
    if (thrown instanceof RangeError) return truncated(bytes);
    throw thrown;
  }
}

function tooLarge({ width, height }: ImageHeader): Refusal | undefined {
  if (width <= 0 || height <= 0) return corrupt(`The header claims ${width} × ${height} pixels.`);
  if (width * height <= MAX_PIXELS && Math.max(width, height) <= MAX_SIDE) return undefined;
  const megapixels = Math.round((width * height) / 1e6).toLocaleString('en');
  const limit = `the limit is ${MAX_PIXELS / 1e6} megapixels and ${MAX_SIDE} a side. Shrink it to use it.`;
  return { reason: 'too-large', detail: `${width} × ${height} pixels (${megapixels} megapixels); ${limit}` };
}

function decodableFormat(head: Uint8Array): ImageFormat | undefined {
  if (startsWith(head, [0xff, 0xd8, 0xff])) return 'jpeg';
  if (startsWith(head, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])) return 'png';
  if (/^GIF8[79]a/.test(ascii(head, 0, 6))) return 'gif';
  if (ascii(head, 0, 4) === 'RIFF' && ascii(head, 8, 4) === 'WEBP') return 'webp';
  if (brands(head).some((brand) => brand === 'avif' || brand === 'avis')) return 'avif';
  if (startsWith(head, [0xff, 0x0a]) || ascii(head, 0, 8) === '\0\0\0\fJXL ') return 'jxl';
  // Two letters are ambiguous: also check the length of the second header, which has only these values.
  if (ascii(head, 0, 2) === 'BM' && [12, 16, 40, 52, 56, 64, 108, 124].includes(head[14])) return 'bmp';
  if (startsWith(head, [0, 0, 1, 0]) && head[4] > 0 && head[5] === 0 && head[9] === 0) return 'ico';
  return undefined;
}

/** Brands of an ISO base media file: the major one and the compatible ones. */
function brands(head: Uint8Array): string[] {
  if (ascii(head, 4, 4) !== 'ftyp') return [];
  const size = Math.min(head.length, (head[2] << 8) | head[3]);
  const found = [ascii(head, 8, 4)];
  for (let at = 16; at + 4 <= size; at += 4) found.push(ascii(head, at, 4));
  return found;
}

/** True for a PNG signature changed by a transfer that converts line ends or drops the eighth bit. */
function isMangledPng(head: Uint8Array): boolean {
  const start = ascii(head, 0, 32);
  return start.slice(0, 5).includes('PNG') && start.includes('IHDR');
}

const UNSUPPORTED: readonly (readonly [RegExp, string])[] = [
  [/^(II\*\0|MM\0\*).{4}CR/s, 'A camera RAW file'],
  [/^FUJIFILMCCD-RAW|^II(R\0|U\0|RO|RS)|^MMOR/, 'A camera RAW file'],
  [/^(II[*+]\0|MM\0[*+])/, 'A TIFF or camera RAW file'],
  [/^8BPS/, 'A Photoshop document'],
  [/^(\0\0\0\fjP {2}|\xffO\xffQ)/, 'A JPEG 2000 image'],
  [/^P[1-7]\s/, 'A PPM image'],
  [/^qoif/, 'A QOI image'],
  [/^v\/1\x01/, 'An OpenEXR image'],
  [/^#\?RADIANCE/, 'A Radiance HDR image'],
  [/^DDS /, 'A DDS texture'],
  [/^gimp xcf/, 'A GIMP document'],
  [/^BPG\xfb/, 'A BPG image'],
  [/^\0\0\x02\0/, 'A mouse cursor'],
];

function unsupportedFormat(head: Uint8Array): string | undefined {
  const kinds = brands(head);
  if (kinds.some((brand) => /^(hei[cmsx]|hev[cmx]|mif1|msf1)$/.test(brand))) return 'A HEIC photo';
  if (kinds.includes('crx ')) return 'A camera RAW file';
  const start = ascii(head, 0, 32);
  const known = UNSUPPORTED.find(([magic]) => magic.test(start));
  if (known) return known[1];
  return isText(head) && /<svg[\s>]/i.test(ascii(head, 0, HEAD_BYTES)) ? 'An SVG drawing' : undefined;
}

const OTHER: readonly (readonly [RegExp, string])[] = [
  [/^%PDF-/, 'a PDF document'],
  [/^PK(\x03\x04|\x05\x06)/, 'a ZIP archive'],
  [/^(Rar!|7z\xbc\xaf|\x1f\x8b)/, 'an archive'],
  [/^(....ftyp|\x1aE\xdf\xa3|RIFF....AVI )/s, 'a video'],
  [/^(ID3|OggS|fLaC|RIFF....WAVE)/s, 'sound'],
];

function otherContent(head: Uint8Array): string {
  const known = OTHER.find(([magic]) => magic.test(ascii(head, 0, 16)));
  if (known) return known[1];
  if (isText(head)) return /^\s*<(!doctype html|html)/i.test(ascii(head, 0, 256)) ? 'a web page' : 'text';
  return head.every((byte) => byte === 0) ? 'nothing but zero bytes' : 'no known image format';
}

/** True without control characters other than tab, line feed, form feed and carriage return. */
function isText(head: Uint8Array): boolean {
  return head.every((byte) => byte >= 32 || byte === 9 || byte === 10 || byte === 12 || byte === 13);
}

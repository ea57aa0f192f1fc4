import type { Orientation } from '../../domain/images.ts';
import { ascii, brandsOf, startsWith } from './bytes.ts';
import { findDamage } from './damage.ts';
import { findExif } from './exif.ts';
import { readHeader, type ImageHeader } from './headers.ts';
import { readOrientation } from './orientation.ts';
import { noImage, refuseOther } from './otherFormats.ts';
import { corrupt, isRefusal, truncated, type ImageFormat, type Refusal } from './refusal.ts';

export type SniffedImage = ImageHeader & { readonly format: ImageFormat; readonly orientation: Orientation };

/** Decoding takes at least 4 bytes per pixel: 400 MB here. Resizing on load doesn't avoid it. */
export const MAX_PIXELS = 100e6;
/** Longest side that every browser's canvas supports. */
const MAX_SIDE = 16384;

/** Number of leading bytes that `sniffFormat` needs. */
export const HEAD_BYTES = 4096;

/**
 * Detects the format by magic bytes; the name decides where those don't. `head` holds the first `HEAD_BYTES` bytes of the file,
 * or all of a shorter one.
 */
export function sniffFormat(head: Uint8Array, path = ''): { readonly format: ImageFormat | 'tiff' } | Refusal {
  if (head.length === 0) return { reason: 'empty', detail: 'The file is empty (0 bytes).' };
  const refused = refuseOther(head, path);
  if (refused) return refused;
  const format = decodableFormat(head);
  if (format) return { format };
  if (isMangledPng(head)) {
    return corrupt('The PNG signature is damaged, as when a transfer takes the file for text. Copy it again.');
  }
  return noImage(head);
}

/**
 * Checks a whole file with one image without decoding it: size in its header against the limits, completeness of its structure.
 * The decoder may still refuse a file that passes.
 */
export function sniffImage(bytes: Uint8Array, format: ImageFormat): SniffedImage | Refusal {
  try {
    const header = readHeader(bytes, format);
    if (isRefusal(header)) return header;
    const refused = refuseSize(header) ?? findDamage(bytes, format);
    if (refused) return refused;
    const exif = findExif(bytes, format);
    return { format, ...header, orientation: exif ? readOrientation(exif) : 1 };
  } catch (thrown) {
    // Read past the end of the bytes.
    if (thrown instanceof RangeError) return truncated(bytes);
    throw thrown;
  }
}

/** Refuses images beyond the limits. */
export function refuseSize({ width, height }: ImageHeader): Refusal | undefined {
  if (width <= 0 || height <= 0) return corrupt(`The header claims ${width} × ${height} pixels.`);
  if (width * height <= MAX_PIXELS && Math.max(width, height) <= MAX_SIDE) return undefined;
  const megapixels = Math.round((width * height) / 1e6).toLocaleString('en');
  const limit = `the limit is ${MAX_PIXELS / 1e6} megapixels and ${MAX_SIDE} a side. Shrink it to use it.`;
  return { reason: 'too-large', detail: `${width} × ${height} pixels (${megapixels} megapixels); ${limit}` };
}

function decodableFormat(head: Uint8Array): ImageFormat | 'tiff' | undefined {
  if (startsWith(head, [0xff, 0xd8, 0xff])) return 'jpeg';
  if (startsWith(head, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])) return 'png';
  if (/^GIF8[79]a/.test(ascii(head, 0, 6))) return 'gif';
  if (ascii(head, 0, 4) === 'RIFF' && ascii(head, 8, 4) === 'WEBP') return 'webp';
  if (startsWith(head, [0x49, 0x49, 0x2a, 0]) || startsWith(head, [0x4d, 0x4d, 0, 0x2a])) return 'tiff';
  // BigTIFF.
  if (startsWith(head, [0x49, 0x49, 0x2b, 0]) || startsWith(head, [0x4d, 0x4d, 0, 0x2b])) return 'tiff';
  const brands = brandsOf(head);
  if (brands.some((brand) => /^avi[fs]$/.test(brand))) return 'avif';
  if (brands.some((brand) => /^(hei[cmsx]|hev[cmx]|mif1|msf1)$/.test(brand))) return 'heic';
  if (startsWith(head, [0xff, 0x0a]) || ascii(head, 0, 8) === '\0\0\0\fJXL ') return 'jxl';
  // Two letters are ambiguous: also check the length of the second header, which has only these values.
  if (ascii(head, 0, 2) === 'BM' && [12, 16, 40, 52, 56, 64, 108, 124].includes(head[14])) return 'bmp';
  if (startsWith(head, [0, 0, 1, 0]) && head[4] > 0 && head[5] === 0 && head[9] === 0) return 'ico';
  return undefined;
}

/** True for a PNG signature changed by a transfer that converts line ends or drops the eighth bit. */
function isMangledPng(head: Uint8Array): boolean {
  const start = ascii(head, 0, 32);
  return start.slice(0, 5).includes('PNG') && start.includes('IHDR');
}

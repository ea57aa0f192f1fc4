import { crc32 } from '../../lib/zip/crc32.ts';
import { ascii, viewOf } from './bytes.ts';
import { findJpegExif } from './jpeg.ts';
import { clearOrientation } from './orientation.ts';
import type { ImageFormat } from './refusal.ts';

/**
 * EXIF block of a file; none for formats that turn their images by themselves (AVIF, HEIC, JPEG XL). Throws a RangeError if the
 * file is truncated.
 */
export function findExif(bytes: Uint8Array, format: ImageFormat): Uint8Array | undefined {
  switch (format) {
    case 'jpeg':
      return findJpegExif(bytes);
    case 'png':
      return findPngExif(bytes);
    case 'webp':
      return findWebpExif(bytes);
    default:
      return undefined;
  }
}

/** Removes the orientation from a file: decoders differ in whether they apply it. */
export function removeOrientation(bytes: Uint8Array, format: ImageFormat): void {
  const exif = findExif(bytes, format);
  if (!exif) return;
  clearOrientation(exif);
  if (format !== 'png') return;
  const start = exif.byteOffset - bytes.byteOffset;
  viewOf(bytes).setUint32(start + exif.length, crc32(bytes.subarray(start - 4, start + exif.length)));
}

function findWebpExif(bytes: Uint8Array): Uint8Array | undefined {
  const view = viewOf(bytes);
  for (let at = 12; at + 8 <= bytes.length;) {
    const size = view.getUint32(at + 4, true);
    if (ascii(bytes, at, 4) === 'EXIF') return bytes.subarray(at + 8, at + 8 + size);
    at += 8 + size + (size & 1);
  }
  return undefined;
}

function findPngExif(bytes: Uint8Array): Uint8Array | undefined {
  const view = viewOf(bytes);
  for (let at = 8; at + 12 <= bytes.length;) {
    const size = view.getUint32(at);
    if (ascii(bytes, at + 4, 4) === 'eXIf') return bytes.subarray(at + 8, at + 8 + size);
    at += 12 + size;
  }
  return undefined;
}

import { crc32 } from '../../lib/zip/crc32.ts';
import { ascii, readContainerBoxes, viewOf } from './bytes.ts';
import { gifFrameEnd } from './headers.ts';
import { hasJpegEnd } from './jpeg.ts';
import { corrupt, truncated, type ImageFormat, type Refusal } from './refusal.ts';

/**
 * Distinguishes truncated from corrupt files, for which decoders throw the same error: compares the length in the header,
 * looks for end markers, verifies checksums. Throws a RangeError if the structure extends beyond the bytes.
 */
export function findDamage(bytes: Uint8Array, format: ImageFormat): Refusal | undefined {
  switch (format) {
    case 'jpeg':
      return hasJpegEnd(bytes) ? undefined : truncated(bytes);
    case 'png':
      return pngDamage(bytes);
    case 'gif':
      return gifFrameEnd(viewOf(bytes)) > bytes.length ? truncated(bytes) : undefined;
    case 'webp':
      return viewOf(bytes).getUint32(4, true) + 8 > bytes.length ? truncated(bytes) : undefined;
    case 'bmp':
      return bmpEnd(bytes) > bytes.length ? truncated(bytes) : undefined;
    case 'avif':
    case 'heic':
      return readContainerBoxes(bytes).some(({ end }) => end > bytes.length) ? truncated(bytes) : undefined;
    case 'jxl':
      // A bare stream (FF 0A) has no length field.
      return bytes[0] !== 0xff && readContainerBoxes(bytes).some(({ end }) => end > bytes.length)
        ? truncated(bytes)
        : undefined;
    case 'ico':
      return icoEnd(bytes) > bytes.length ? truncated(bytes) : undefined;
  }
}

function pngDamage(bytes: Uint8Array): Refusal | undefined {
  const view = viewOf(bytes);
  let hasPixels = false;
  for (let at = 8; ;) {
    const length = view.getUint32(at);
    const type = ascii(bytes, at + 4, 4);
    if (type.length < 4) return truncated(bytes);
    if (!/^[A-Za-z]{4}$/.test(type)) return corrupt(`The PNG is damaged at byte ${at}.`);
    const end = at + 12 + length;
    const stored = view.getUint32(end - 4);
    // A capital letter marks critical chunks; decoders ignore damage in others (e.g. in comments).
    const isCritical = type[0] <= 'Z';
    if (isCritical && stored !== crc32(bytes.subarray(at + 4, end - 4))) {
      return corrupt(`The checksum of a part of the PNG (${type} at byte ${at}) is wrong.`);
    }
    if (type === 'IDAT') hasPixels = true;
    if (type === 'IEND') return hasPixels ? undefined : corrupt('The PNG holds no pixels (IDAT).');
    at = end;
  }
}

/** End of the pixels of an uncompressed BMP; 0 for compressed ones. */
function bmpEnd(bytes: Uint8Array): number {
  const view = viewOf(bytes);
  const start = view.getUint32(10, true);
  const isOs2 = view.getUint32(14, true) === 12;
  const [width, height, depth] = isOs2
    ? [view.getUint16(18, true), view.getUint16(20, true), view.getUint16(24, true)]
    : [view.getInt32(18, true), Math.abs(view.getInt32(22, true)), view.getUint16(28, true)];
  const isPlain = isOs2 || [0, 3, 6].includes(view.getUint32(30, true));
  return isPlain ? start + Math.ceil((width * depth) / 32) * 4 * height : 0;
}

function icoEnd(bytes: Uint8Array): number {
  const view = viewOf(bytes);
  let end = 0;
  for (let entry = 0; entry < view.getUint16(4, true); entry++) {
    const at = 6 + entry * 16;
    end = Math.max(end, view.getUint32(at + 8, true) + view.getUint32(at + 12, true));
  }
  return end;
}

import { ascii, viewOf } from './bytes.ts';
import { corrupt, type Refusal } from './refusal.ts';

const END_OF_IMAGE = 0xd9;
const START_OF_SCAN = 0xda;

/**
 * Yields markers (second byte) with the offset of their segment, up to the first scan. Skips junk between segments, as
 * decoders do. Throws a RangeError if a segment extends beyond the bytes.
 */
function* segments(bytes: Uint8Array): Generator<{ readonly marker: number; readonly at: number }> {
  const view = viewOf(bytes);
  for (let at = 2; ;) {
    while (view.getUint8(at) !== 0xff) at++;
    while (view.getUint8(at) === 0xff) at++;
    const marker = bytes[at++];
    // Stuffed and fill bytes, restarts and a second start of image have no segment.
    if (marker <= 1 || (marker >= 0xd0 && marker <= 0xd8)) continue;
    yield { marker, at };
    if (marker === END_OF_IMAGE || marker === START_OF_SCAN) return;
    at += Math.max(2, view.getUint16(at));
  }
}

/** Reads width and height from the frame header (SOF). Throws a RangeError if the file is truncated before it. */
export function readJpegSize(bytes: Uint8Array): { readonly width: number; readonly height: number } | Refusal {
  const view = viewOf(bytes);
  try {
    for (const { marker, at } of segments(bytes)) {
      const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
      if (isFrame && marker > 0xc2) {
        const detail = 'A lossless, hierarchical or arithmetic-coded JPEG, which browsers refuse. Save it again.';
        return { reason: 'unsupported', detail };
      }
      if (isFrame) return { width: view.getUint16(at + 5), height: view.getUint16(at + 3) };
    }
  } catch (thrown) {
    const isWhole = bytes[bytes.length - 2] === 0xff && bytes[bytes.length - 1] === END_OF_IMAGE;
    if (!(thrown instanceof RangeError) || !isWhole) throw thrown;
  }
  return corrupt('The JPEG has no frame header (SOF), so no size.');
}

/**
 * True if an end marker follows the first scan: in scan data FF is always followed by 0, so FF D9 can't be pixels. Throws a
 * RangeError if the file is truncated before the scan.
 */
export function hasJpegEnd(bytes: Uint8Array): boolean {
  for (const { marker, at } of segments(bytes)) {
    if (marker !== START_OF_SCAN) continue;
    for (let mark = bytes.indexOf(0xff, at); mark >= 0; mark = bytes.indexOf(0xff, mark + 1)) {
      if (bytes[mark + 1] === END_OF_IMAGE) return true;
    }
  }
  return false;
}

/** EXIF block. Throws a RangeError if the file is truncated before the scan. */
export function findJpegExif(bytes: Uint8Array): Uint8Array | undefined {
  const view = viewOf(bytes);
  for (const { marker, at } of segments(bytes)) {
    if (marker === 0xe1 && ascii(bytes, at + 2, 6) === 'Exif\0\0')
      return bytes.subarray(at + 8, at + view.getUint16(at));
  }
  return undefined;
}

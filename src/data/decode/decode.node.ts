import sharp from 'sharp';
import { errorMessage } from '../../lib/errors.ts';
import type { DecodedFile, Orientation, SkippedFile } from '../../domain/images.ts';
import { uprightDimensions } from './orientation.ts';
import { corrupt, isRefusal, type ImageFormat } from './refusal.ts';
import { MAX_PIXELS, sniffImage } from './sniff.ts';
import { shrunkSize } from './targetSize.ts';

/** Formats that browsers decode and sharp doesn't. */
const BROWSER_ONLY: readonly ImageFormat[] = ['bmp', 'ico', 'jxl'];

/**
 * Decodes an image to its working copy: upright, transparent pixels on gray, the shorter side at most `workingSize` pixels.
 * Never throws; bytes that can't be used are returned as skipped, with the reason.
 */
export async function decodeBytes(
  bytes: Uint8Array,
  path: string,
  workingSize: number,
): Promise<DecodedFile | { readonly skipped: SkippedFile }> {
  const sniffed = sniffImage(bytes);
  if (isRefusal(sniffed)) return { skipped: { path, ...sniffed } };
  if (BROWSER_ONLY.includes(sniffed.format)) {
    const detail = `Only the browser decodes ${sniffed.format.toUpperCase()}. Save it as PNG to use it here.`;
    return { skipped: { path, reason: 'unsupported', detail } };
  }
  try {
    const input = sniffed.format === 'avif' ? asStillAvif(bytes) : bytes;
    return await decode(input, workingSize);
  } catch (thrown) {
    return { skipped: { path, ...corrupt(`The pixels can't be decoded (${errorMessage(thrown).trim()}).`) } };
  }
}

async function decode(bytes: Uint8Array, workingSize: number): Promise<DecodedFile> {
  // 'error' tolerates what browsers tolerate: junk between segments, invalid EXIF, a damaged color profile.
  const input = sharp(bytes, { failOn: 'error', limitInputPixels: MAX_PIXELS });
  const { width, height, orientation = 1 } = await input.metadata();
  const dimensions = uprightDimensions(width, height, orientation as Orientation);
  const size = shrunkSize(dimensions.width, dimensions.height, { shorter: workingSize });
  const { data, info } = await input
    .autoOrient()
    // Without shrinking on load a copy differs from the browser's by half a level on average, not by two.
    .resize({ ...size, fit: 'fill', kernel: 'cubic', fastShrinkOnLoad: false })
    .flatten({ background: { r: 128, g: 128, b: 128 } })
    .toColourspace('srgb')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  if (info.channels !== 3) throw new Error(`${info.channels} channels instead of 3`);
  return {
    image: { width: info.width, height: info.height, data: new Uint8Array(data) },
    dimensions,
    conversions: [],
  };
}

/** Sets the major brand to "avif": sharp decodes an animated AVIF only then. */
function asStillAvif(bytes: Uint8Array): Uint8Array {
  // Not `slice`: Node's Buffer would share its memory.
  const copy = new Uint8Array(bytes);
  copy.set([0x61, 0x76, 0x69, 0x66], 8); // "avif"
  return copy;
}

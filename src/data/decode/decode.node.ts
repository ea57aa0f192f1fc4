import sharp from 'sharp';
import type { DecodedFile, SkippedFile } from '../../domain/images.ts';
import { decodeImages, decodeOne, type DecodePlain, type FileImage } from './decode.ts';
import { cmykToRgb } from './pixels/cmyk.ts';
import { storedPixels, type StoredPixels } from './pixels/storedPixels.ts';
import { unsupported, type ImageFormat } from './refusal.ts';
import { MAX_PIXELS } from './sniff.ts';
import type { TargetSize } from './targetSize.ts';

/** Formats that browsers decode and sharp doesn't. */
const BROWSER_ONLY: readonly ImageFormat[] = ['bmp', 'ico', 'jxl'];

/** Decodes the images of a file one by one, as the browser does. */
export function decodeBytes(bytes: Uint8Array, path: string, target: TargetSize): AsyncGenerator<FileImage> {
  return decodeImages(new Uint8Array(bytes), path, target, decodePlain);
}

/** Decodes page `page` (from 1) of a file. */
export function decodePageBytes(
  bytes: Uint8Array,
  path: string,
  page: number,
  target: TargetSize,
): Promise<DecodedFile | { readonly skipped: SkippedFile }> {
  return decodeOne(new Uint8Array(bytes), path, page, target, decodePlain);
}

const decodePlain: DecodePlain = async (bytes, { format, orientation }) => {
  if (BROWSER_ONLY.includes(format))
    return unsupported(`Only the browser decodes ${format.toUpperCase()}. Save it as PNG to use it here.`);
  if (format === 'heic') return (await import('./heic.ts')).decodeHeic(bytes);
  return decodeWithSharp(format === 'avif' ? asStillAvif(bytes) : bytes, orientation);
};

async function decodeWithSharp(bytes: Uint8Array, orientation: StoredPixels['orientation']): Promise<StoredPixels> {
  // 'error' tolerates what browsers tolerate: junk between segments, invalid EXIF, a damaged color profile.
  const input = sharp(bytes, { failOn: 'error', limitInputPixels: MAX_PIXELS });
  const { space, icc } = await input.metadata();
  const isBareCmyk = space === 'cmyk' && !icc;
  if (isBareCmyk) input.pipelineColourspace('cmyk');
  const { data, info } = await input
    .toColourspace(isBareCmyk ? 'cmyk' : 'srgb')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  const { width, height, channels } = info;
  return isBareCmyk
    ? storedPixels(cmykToRgb(data), { width, height, orientation, channels: 3 })
    : storedPixels(data, { width, height, orientation, channels });
}

/** Sets the major brand to "avif": sharp decodes an animated AVIF only then. */
function asStillAvif(bytes: Uint8Array): Uint8Array {
  const copy = new Uint8Array(bytes);
  copy.set([0x61, 0x76, 0x69, 0x66], 8); // "avif"
  return copy;
}

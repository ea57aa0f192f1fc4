import { errorMessage } from '../../lib/errors.ts';
import { findWebpExif } from './headers.ts';
import type { DecodedFile, Orientation, RgbImage, SkippedFile } from '../../domain/images.ts';
import { swapsSides, uprightDimensions, uprightTransform } from './orientation.ts';
import { corrupt, isRefusal, unreadable, type ImageFormat, type Refusal } from './refusal.ts';
import { cropResize } from '../resample.ts';
import { HEAD_BYTES, sniffFormat, sniffImage } from './sniff.ts';
import { shrunkSize, type TargetSize } from './targetSize.ts';

/** Background of transparent pixels: mid gray, so that neither light nor dark images get a bright edge. */
const BACKGROUND = 'rgb(128 128 128)';

/** A decoded image with its path (see `pagePath`), or why it is skipped. */
export type FileImage = (DecodedFile & { readonly path: string }) | { readonly skipped: SkippedFile };

/**
 * Decodes the images of a file one by one: upright, transparent pixels on gray, at most as large as `target`. Never throws; a
 * file or page that can't be used is returned as skipped, with the reason. Call in a worker: large images take a quarter of a
 * second.
 */
export async function* decodeFile(file: File, path: string, target: TargetSize): AsyncGenerator<FileImage> {
  const decoded = await decodePage(file, path, 1, target);
  yield 'skipped' in decoded ? decoded : { ...decoded, path };
}

/** Decodes one image of a file, as `decodeFile` does; `page` counts from 1. */
export async function decodePage(
  file: File,
  path: string,
  page: number,
  target: TargetSize,
): Promise<DecodedFile | { readonly skipped: SkippedFile }> {
  let bytes: Uint8Array<ArrayBuffer>;
  try {
    // Refuses a video named .jpg without reading all of it.
    const head = sniffFormat(await bytesOf(file.slice(0, HEAD_BYTES)));
    if (isRefusal(head)) return { skipped: { path, ...head } };
    bytes = await bytesOf(file);
  } catch (thrown) {
    return { skipped: unreadable(path, thrown) };
  }
  const sniffed = sniffImage(bytes);
  if (isRefusal(sniffed)) return { skipped: { path, ...sniffed } };
  if (page > 1) return { skipped: { path, ...corrupt(`It holds 1 image, not ${page}.`) } };
  try {
    return await decode(bytes, sniffed.format, sniffed.orientation ?? 1, target);
  } catch (thrown) {
    return { skipped: { path, ...refusedByDecoder(sniffed.format, thrown) } };
  }
}

async function bytesOf(blob: Blob): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await blob.arrayBuffer());
}

function refusedByDecoder(format: ImageFormat, thrown: unknown): Refusal {
  if (format !== 'jxl') return corrupt(`The pixels can't be decoded (${errorMessage(thrown)}).`);
  return {
    reason: 'unsupported',
    detail: "This browser can't decode JPEG XL, or the file is damaged. Save it as PNG.",
  };
}

async function decode(
  bytes: Uint8Array<ArrayBuffer>,
  format: ImageFormat,
  orientation: Orientation,
  target: TargetSize,
): Promise<DecodedFile> {
  // Browsers differ in whether they apply the orientation of WebP: without its EXIF none does, and it is applied here.
  const exif = format === 'webp' ? findWebpExif(bytes) : undefined;
  if (exif) bytes.fill(0x78, exif.at, exif.at + 4);
  const bitmap = await createImageBitmap(new Blob([bytes], { type: MIME_TYPES[format] }));
  try {
    return {
      image: toWorkingCopy(bitmap, orientation, target),
      dimensions: uprightDimensions(bitmap.width, bitmap.height, orientation),
      conversions: [],
    };
  } finally {
    bitmap.close();
  }
}

const MIME_TYPES: Record<ImageFormat, string> = {
  jpeg: 'image/jpeg',
  png: 'image/png',
  gif: 'image/gif',
  webp: 'image/webp',
  bmp: 'image/bmp',
  avif: 'image/avif',
  ico: 'image/x-icon',
  jxl: 'image/jxl',
};

function toWorkingCopy(bitmap: ImageBitmap, orientation: Orientation, target: TargetSize): RgbImage {
  const isTurned = swapsSides(orientation);
  const [across, down] = isTurned ? [bitmap.height, bitmap.width] : [bitmap.width, bitmap.height];
  const { width, height } = shrunkSize(across, down, target);
  // Canvases shrink by repeated 2 × 2 averaging, which is fast and exact at powers of two, but aliases in between. So the
  // canvas stops at two to four times the size, and a bicubic filter does the rest.
  const halvings = Math.max(0, Math.floor(Math.log2(Math.min(across / width, down / height) / 2)));
  const drawn = drawUpright(bitmap, orientation, Math.ceil(across / 2 ** halvings), Math.ceil(down / 2 ** halvings));
  if (drawn.width === width && drawn.height === height) return drawn;
  const whole = { top: 0, left: 0, width: drawn.width, height: drawn.height };
  return cropResize(drawn, whole, height, width, 'bicubic');
}

/** Draws the image upright on gray, width × height pixels. */
function drawUpright(bitmap: ImageBitmap, orientation: Orientation, width: number, height: number): RgbImage {
  const canvas = new OffscreenCanvas(width, height);
  // In main memory: it is read once, and the result doesn't depend on the GPU.
  const context = canvas.getContext('2d', { willReadFrequently: true, colorSpace: 'srgb' });
  if (!context) throw new Error(`no canvas of ${width} × ${height} pixels`);
  context.fillStyle = BACKGROUND;
  context.fillRect(0, 0, width, height);
  context.imageSmoothingQuality = 'high';
  context.setTransform(...uprightTransform(orientation, width, height));
  const isTurned = swapsSides(orientation);
  context.drawImage(bitmap, 0, 0, isTurned ? height : width, isTurned ? width : height);
  return { width, height, data: withoutAlpha(context.getImageData(0, 0, width, height).data) };
}

function withoutAlpha(rgba: Uint8ClampedArray): Uint8Array {
  const rgb = new Uint8Array((rgba.length / 4) * 3);
  for (let from = 0, to = 0; from < rgba.length; from += 4) {
    rgb[to++] = rgba[from];
    rgb[to++] = rgba[from + 1];
    rgb[to++] = rgba[from + 2];
  }
  return rgb;
}

import type { DecodedFile, SkippedFile } from '../../domain/images.ts';
import { decodeImages, decodeOne, type DecodePlain, type FileImage } from './decode.ts';
import { removeOrientation } from './exif.ts';
import type { StoredPixels } from './pixels/storedPixels.ts';
import { isRefusal, unreadable, unsupported, type ImageFormat } from './refusal.ts';
import { HEAD_BYTES, sniffFormat } from './sniff.ts';
import type { TargetSize } from './targetSize.ts';

/**
 * Decodes the images of a file one by one: upright, transparent pixels on gray, at most as large as `target`. Never throws; a
 * file or page that can't be used is returned as skipped, with the reason. Call in a worker: large images take a quarter of a
 * second.
 */
export async function* decodeFile(file: File, path: string, target: TargetSize): AsyncGenerator<FileImage> {
  const bytes = await readBytes(file, path);
  if ('skipped' in bytes) yield bytes;
  else yield* decodeImages(bytes, path, target, decodePlain);
}

/** Decodes one image of a file, as `decodeFile` does; `page` counts from 1. */
export async function decodePage(
  file: File,
  path: string,
  page: number,
  target: TargetSize,
): Promise<DecodedFile | { readonly skipped: SkippedFile }> {
  const bytes = await readBytes(file, path);
  return 'skipped' in bytes ? bytes : decodeOne(bytes, path, page, target, decodePlain);
}

async function readBytes(
  file: File,
  path: string,
): Promise<Uint8Array<ArrayBuffer> | { readonly skipped: SkippedFile }> {
  try {
    // Refuses a video named .jpg without reading all of it.
    const head = sniffFormat(await bytesOf(file.slice(0, HEAD_BYTES)), path);
    return isRefusal(head) ? { skipped: { path, ...head } } : await bytesOf(file);
  } catch (thrown) {
    return { skipped: unreadable(path, thrown) };
  }
}

async function bytesOf(blob: Blob): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await blob.arrayBuffer());
}

/** False once the browser has refused a HEIC file: only Safari decodes them. */
let mayDecodeHeic = true;

const decodePlain: DecodePlain = async (bytes, { format, orientation }) => {
  removeOrientation(bytes, format);
  const blob = new Blob([bytes], { type: MIME_TYPES[format] });
  if (format === 'heic') {
    const bitmap = mayDecodeHeic && (await createImageBitmap(blob).catch(() => false as const));
    if (bitmap) return pixelsOfBitmap(bitmap, 1);
    mayDecodeHeic = false;
    return (await import('./heic.ts')).decodeHeic(bytes);
  }
  try {
    return pixelsOfBitmap(await createImageBitmap(blob), orientation);
  } catch (thrown) {
    if (format !== 'jxl') throw thrown;
    return unsupported("This browser can't decode JPEG XL, or the file is damaged. Save it as PNG to use it.");
  }
};

const MIME_TYPES: Record<ImageFormat, string> = {
  jpeg: 'image/jpeg',
  png: 'image/png',
  gif: 'image/gif',
  webp: 'image/webp',
  bmp: 'image/bmp',
  avif: 'image/avif',
  heic: 'image/heic',
  ico: 'image/x-icon',
  jxl: 'image/jxl',
};

/** Reads the bitmap through a canvas of a few rows: one of its size would be a second copy of it. */
function pixelsOfBitmap(bitmap: ImageBitmap, orientation: StoredPixels['orientation']): StoredPixels {
  const { width, height } = bitmap;
  let canvas = new OffscreenCanvas(1, 1);
  let context: OffscreenCanvasRenderingContext2D | null = null;
  const rows = (top: number, count: number): Uint8ClampedArray => {
    if (!context || canvas.height < count) {
      canvas = new OffscreenCanvas(width, count);
      // In main memory: it is read at once, and the result doesn't depend on the GPU.
      context = canvas.getContext('2d', { willReadFrequently: true, colorSpace: 'srgb' });
      if (!context) throw new Error(`no canvas of ${width} × ${count} pixels`);
      context.imageSmoothingEnabled = false;
    }
    context.clearRect(0, 0, width, count);
    context.drawImage(bitmap, 0, top, width, count, 0, 0, width, count);
    return context.getImageData(0, 0, width, count).data;
  };
  return { width, height, orientation, channels: 4, conversions: [], rows, close: () => bitmap.close() };
}

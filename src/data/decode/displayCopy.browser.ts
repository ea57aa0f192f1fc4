import type { RgbImage } from '../../domain/images.ts';
import { paintImage } from '../../domain/segmentPaint.ts';
import { cropResize } from '../resample.ts';
import { decodePage, drawUpright } from './decode.browser.ts';
import { isRefusal } from './refusal.ts';
import { HEAD_BYTES, sniffFormat } from './sniff.ts';
import { shrunkSize } from './targetSize.ts';

/** Up to this side a copy has exactly the size that was asked for; larger ones are drawn at ever-changing scales. */
const MAX_EXACT_SIDE = 1024;
/** Maximum pixels of a copy: 96 MB. */
const MAX_COPY_PIXELS = 24e6;

/**
 * Decodes one image of a file for the screen: as its working copy, but at most `longer` pixels a side. `isFull`: a larger one
 * would show nothing more. Returns undefined if the file can't be read any more. Call in a worker.
 */
export async function decodeForDisplay(
  file: File,
  path: string,
  page: number,
  longer: number,
): Promise<{ readonly bitmap: ImageBitmap; readonly isFull: boolean } | undefined> {
  const head = sniffFormat(new Uint8Array(await file.slice(0, HEAD_BYTES).arrayBuffer()));
  if (isRefusal(head)) return undefined;
  // A photograph goes from the browser's decoder to the screen without a detour: opaque, 8 bits, turned upright.
  if (head.format === 'jpeg') return shrink(await createImageBitmap(file), longer);
  const decoded = await decodePage(file, path, page, { longer });
  if ('skipped' in decoded) return undefined;
  const { image, dimensions } = decoded;
  return { bitmap: await bitmapOf(image), isFull: image.width === dimensions.width };
}

async function shrink(bitmap: ImageBitmap, longer: number): Promise<{ bitmap: ImageBitmap; isFull: boolean }> {
  const { width, height } = bitmap;
  const size = shrunkSize(width, height, { longer });
  const isExact = longer <= MAX_EXACT_SIDE;
  // Halving by averaging is fast and exact; a bicubic filter does the rest.
  let halvings = Math.floor(Math.log2(Math.max(1, Math.max(width, height) / longer)));
  while (!isExact && (width * height) / 4 ** halvings > MAX_COPY_PIXELS) halvings++;
  if (halvings === 0 && (!isExact || size.width === width)) return { bitmap, isFull: true };
  const [halfWidth, halfHeight] = [Math.ceil(width / 2 ** halvings), Math.ceil(height / 2 ** halvings)];
  try {
    if (!isExact) {
      const resize = { resizeWidth: halfWidth, resizeHeight: halfHeight, resizeQuality: 'high' } as const;
      return { bitmap: await createImageBitmap(bitmap, resize), isFull: false };
    }
    const halved = drawUpright(bitmap, 1, halfWidth, halfHeight);
    const whole = { top: 0, left: 0, width: halfWidth, height: halfHeight };
    return { bitmap: await bitmapOf(cropResize(halved, whole, size.height, size.width, 'bicubic')), isFull: false };
  } finally {
    bitmap.close();
  }
}

export function bitmapOf({ width, height, data }: RgbImage): Promise<ImageBitmap> {
  const pixels = new ImageData(width, height);
  paintImage(data, new Uint32Array(pixels.data.buffer));
  return createImageBitmap(pixels);
}

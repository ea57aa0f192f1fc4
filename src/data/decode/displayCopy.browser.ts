import type { RgbImage } from '../../domain/images.ts';
import { paintImage } from '../../domain/imagePaint.ts';
import { cropResize } from '../resample.ts';
import { startsWith } from './bytes.ts';
import { decodePage } from './decode.browser.ts';
import { shrunkSize } from './targetSize.ts';

/** First bytes of a JPEG. */
const JPEG = [0xff, 0xd8, 0xff];
/** Up to this side a copy has exactly the size that was asked for; larger ones are drawn at ever-changing scales. */
const MAX_EXACT_SIDE = 1024;
/** Maximum pixels of a copy: 96 MB. */
const MAX_COPY_PIXELS = 24e6;
/** Longer side of a copy of another format than JPEG, whose proportions aren't known before it is decoded. */
const MAX_OTHER_SIDE = Math.floor(Math.sqrt(MAX_COPY_PIXELS));

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
  // A photograph goes from the browser's decoder to the screen without a detour: opaque, 8 bits, turned upright.
  const head = new Uint8Array(await file.slice(0, JPEG.length).arrayBuffer());
  if (startsWith(head, JPEG)) return shrink(await createImageBitmap(file), longer);
  const decoded = await decodePage(file, path, page, { longer: Math.min(longer, MAX_OTHER_SIDE) });
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
    const halved = drawHalved(bitmap, halfWidth, halfHeight);
    const whole = { top: 0, left: 0, width: halfWidth, height: halfHeight };
    return { bitmap: await bitmapOf(cropResize(halved, whole, size.height, size.width, 'bicubic')), isFull: false };
  } finally {
    bitmap.close();
  }
}

function drawHalved(bitmap: ImageBitmap, width: number, height: number): RgbImage {
  // In main memory: it is read once, and the result doesn't depend on the GPU.
  const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true, colorSpace: 'srgb' });
  if (!context) throw new Error(`no canvas of ${width} × ${height} pixels`);
  context.imageSmoothingQuality = 'high';
  context.drawImage(bitmap, 0, 0, width, height);
  const rgba = context.getImageData(0, 0, width, height).data;
  const data = new Uint8Array(width * height * 3);
  for (let from = 0, to = 0; from < rgba.length; from += 4, to += 3) {
    data[to] = rgba[from];
    data[to + 1] = rgba[from + 1];
    data[to + 2] = rgba[from + 2];
  }
  return { width, height, data };
}

export function bitmapOf({ width, height, data }: RgbImage): Promise<ImageBitmap> {
  const pixels = new ImageData(width, height);
  paintImage(data, new Uint32Array(pixels.data.buffer));
  return createImageBitmap(pixels);
}

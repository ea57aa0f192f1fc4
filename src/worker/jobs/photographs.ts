import { decodePage } from '../../data/decode/decode.browser.ts';
import { resizeCrop } from '../../data/resample.ts';
import type { ImageSource, RgbImage } from '../../domain/images.ts';
import { paintImage } from '../../domain/imagePaint.ts';
import type { Photographs } from '../../inference/masks/maskWriter.ts';
import type { PageFiles } from './pageFiles.ts';

const JPEG_QUALITY = 0.9;

/** The photographs from their files; from working copies where these suffice, or where the page has other files by now. */
export function pagePhotographs(images: ImageSource, files: Pick<PageFiles, 'open'>): Photographs {
  return {
    read: async (index, width, height) => {
      const copy = await images.get(index);
      const suffices = copy.width >= width && copy.height >= height;
      const image = suffices ? copy : ((await readFile(images, index, Math.max(width, height), files)) ?? copy);
      return resizeCrop(image, { width, height }, { top: 0, left: 0, width, height }, 'bilinear');
    },
    encodeJpeg,
  };
}

async function readFile(
  images: ImageSource,
  index: number,
  longer: number,
  files: Pick<PageFiles, 'open'>,
): Promise<RgbImage | undefined> {
  const opened = await files.open(images.path(index));
  if (!opened) return undefined;
  const decoded = await decodePage(opened.file, opened.path, opened.page, { longer });
  if ('skipped' in decoded) return undefined;
  // Another folder may hold a file of this path.
  const { width, height } = images.dimensions(index);
  return decoded.dimensions.width === width && decoded.dimensions.height === height ? decoded.image : undefined;
}

async function encodeJpeg({ width, height, data }: RgbImage): Promise<Uint8Array> {
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d');
  if (!context) throw new Error(`no canvas of ${width} × ${height} pixels`);
  const pixels = context.createImageData(width, height);
  paintImage(data, new Uint32Array(pixels.data.buffer));
  context.putImageData(pixels, 0, 0);
  const blob = await canvas.convertToBlob({ type: 'image/jpeg', quality: JPEG_QUALITY });
  return new Uint8Array(await blob.arrayBuffer());
}

import { resizeCrop } from '../../data/resample.ts';
import type { ImageSource, RgbImage } from '../../domain/images.ts';
import type { Photographs } from '../../inference/masks/maskWriter.ts';

/** The photographs as their working copies hold them. */
export function workingCopyPhotographs(images: ImageSource): Photographs {
  return {
    read: async (imageIndex, width, height) => {
      const image = await images.get(imageIndex);
      const whole = { top: 0, left: 0, width, height };
      return resizeCrop(image, { width, height }, whole, 'bilinear');
    },
    encodeJpeg,
  };
}

const QUALITY = 0.9;

async function encodeJpeg({ width, height, data }: RgbImage): Promise<Uint8Array> {
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d');
  if (!context) throw new Error(`no canvas of ${width} × ${height} pixels`);
  const pixels = context.createImageData(width, height);
  for (let from = 0, to = 0; from < data.length; from += 3, to += 4) {
    pixels.data.set(data.subarray(from, from + 3), to);
    pixels.data[to + 3] = 255;
  }
  context.putImageData(pixels, 0, 0);
  const blob = await canvas.convertToBlob({ type: 'image/jpeg', quality: QUALITY });
  return new Uint8Array(await blob.arrayBuffer());
}

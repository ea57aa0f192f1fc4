import sharp from 'sharp';
import { sampleScene } from '../../data/scenes/samples.ts';

/** A JPEG of 4000 × 3000 pixels with about as much detail as a camera's. */
export async function photograph(): Promise<Uint8Array> {
  const { image } = sampleScene(3, 1, 1000);
  return sharp(image.data, { raw: { width: 1000, height: 1000, channels: 3 } })
    .resize(4000, 3000, { fit: 'fill' })
    .composite([
      {
        input: {
          create: {
            width: 4000,
            height: 3000,
            channels: 3,
            background: 'gray',
            noise: { type: 'gaussian', mean: 128, sigma: 20 },
          },
        },
        blend: 'overlay',
      },
    ])
    .jpeg({ quality: 90 })
    .toBuffer();
}

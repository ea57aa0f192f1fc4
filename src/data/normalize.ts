import { IMAGENET_MEAN, IMAGENET_STD } from '../lib/imagenet.ts';

/** value → (value/255 − mean)/std for each channel, by table. */
const TABLES = IMAGENET_MEAN.map((mean, channel) =>
  Float32Array.from({ length: 256 }, (_, value) => (value / 255 - mean) / IMAGENET_STD[channel]),
);

/** Interleaved 8-bit RGB → normalized floats of the same order and length. */
export function normalizePixels(pixels: Uint8Array, target: Float32Array): void {
  const [red, green, blue] = TABLES;
  for (let index = 0; index < pixels.length; index += 3) {
    target[index] = red[pixels[index]];
    target[index + 1] = green[pixels[index + 1]];
    target[index + 2] = blue[pixels[index + 2]];
  }
}

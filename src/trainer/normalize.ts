/** ImageNet statistics of the published pipeline. */
const MEAN = [0.485, 0.456, 0.406];
const STD = [0.229, 0.224, 0.225];

/** value → (value/255 − mean)/std for each channel, by table. */
const TABLES = MEAN.map((mean, channel) =>
  Float32Array.from({ length: 256 }, (_, value) => (value / 255 - mean) / STD[channel]),
);

/** Interleaved 8-bit RGB → normalised floats of the same order and length. */
export function normalizePixels(pixels: Uint8Array, target: Float32Array): void {
  const [red, green, blue] = TABLES;
  for (let index = 0; index < pixels.length; index += 3) {
    target[index] = red[pixels[index]];
    target[index + 1] = green[pixels[index + 1]];
    target[index + 2] = blue[pixels[index + 2]];
  }
}

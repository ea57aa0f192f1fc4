import sharp from 'sharp';
import type { Color } from '../../domain/palette.ts';
import type { Overlay } from '../../domain/reports.ts';

/** How much of the prototype's color lies over the picture. */
const OPACITY = 0.65;
/** Small pictures are enlarged by a whole factor to at least about this side. */
const LEAST_SIDE = 224;

/** The segmented picture and, to its right, the same under the colors of its prototypes, as a PNG. */
export function overlayPng(overlay: Overlay, colors: readonly Color[]): Promise<Buffer> {
  const { size } = overlay;
  const factor = Math.max(1, Math.round(LEAST_SIDE / size));
  return sharp(sideBySide(overlay, colors), { raw: { width: 2 * size, height: size, channels: 3 } })
    .resize({ width: 2 * size * factor, kernel: 'nearest' })
    .png()
    .toBuffer();
}

/** RGB, 2·size × size. */
function sideBySide({ size, rgb, labels }: Overlay, colors: readonly Color[]): Uint8Array {
  const out = new Uint8Array(2 * size * size * 3);
  for (let pixel = 0; pixel < size * size; pixel++) {
    const left = Math.floor(pixel / size) * 2 * size + (pixel % size);
    const color = colors[labels[pixel]];
    for (let channel = 0; channel < 3; channel++) {
      const value = rgb[pixel * 3 + channel];
      out[left * 3 + channel] = value;
      out[(left + size) * 3 + channel] = Math.round(value + OPACITY * (color[channel] - value));
    }
  }
  return out;
}

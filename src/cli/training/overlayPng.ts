import sharp from 'sharp';
import type { Colour } from '../../domain/palette.ts';
import type { Overlay } from '../../domain/reports.ts';

/** How much of the prototype's colour lies over the picture. */
const OPACITY = 0.65;
/** Small pictures are enlarged by a whole factor to at least about this side. */
const LEAST_SIDE = 224;

/** The segmented picture and, to its right, the same under the colours of its prototypes, as a PNG. */
export function overlayPng(overlay: Overlay, colours: readonly Colour[]): Promise<Buffer> {
  const { size } = overlay;
  const factor = Math.max(1, Math.round(LEAST_SIDE / size));
  return sharp(sideBySide(overlay, colours), { raw: { width: 2 * size, height: size, channels: 3 } })
    .resize({ width: 2 * size * factor, kernel: 'nearest' })
    .png()
    .toBuffer();
}

/** RGB, 2·size × size. */
function sideBySide({ size, rgb, labels }: Overlay, colours: readonly Colour[]): Uint8Array {
  const out = new Uint8Array(2 * size * size * 3);
  for (let pixel = 0; pixel < size * size; pixel++) {
    const left = Math.floor(pixel / size) * 2 * size + (pixel % size);
    const colour = colours[labels[pixel]];
    for (let channel = 0; channel < 3; channel++) {
      const value = rgb[pixel * 3 + channel];
      out[left * 3 + channel] = value;
      out[(left + size) * 3 + channel] = Math.round(value + OPACITY * (colour[channel] - value));
    }
  }
  return out;
}

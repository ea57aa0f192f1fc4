import sharp from 'sharp';
import type { Color } from '../../domain/palette.ts';
import type { Overlay } from '../../domain/reports.ts';

/** Opacity of the prototypes' colors over the image. */
const OPACITY = 0.65;
/** Smaller images are enlarged by an integer factor to about this side. */
const MIN_SIDE = 224;

/** Returns a PNG of the image and, to its right, the image under the colors of its prototypes. */
export function overlayPng(overlay: Overlay, colors: readonly Color[]): Promise<Buffer> {
  const { size } = overlay;
  const factor = Math.max(1, Math.round(MIN_SIDE / size));
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

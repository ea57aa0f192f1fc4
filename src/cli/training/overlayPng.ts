import sharp from 'sharp';
import type { Color } from '../../domain/palette.ts';
import type { Overlay } from '../../domain/reports.ts';
import { guideOf } from '../../lib/edges/guidedFilter.ts';
import { slotLabels, wholeWindow } from '../../domain/slotGrid.ts';

/** Opacity of the prototypes' colors over the image. */
const OPACITY = 0.65;
/** Smaller images are enlarged by an integer factor so that their shorter side is about this. */
const MIN_SIDE = 224;

/** Returns a PNG of the image and, to its right, the image under the colors of its prototypes, which follow its edges. */
export function overlayPng(overlay: Overlay, colors: readonly Color[]): Promise<Buffer> {
  const { width, height } = overlay.preview;
  const factor = Math.max(1, Math.round(MIN_SIDE / Math.min(width, height)));
  return sharp(sideBySide(overlay, colors), { raw: { width: 2 * width, height, channels: 3 } })
    .resize({ width: 2 * width * factor, kernel: 'nearest' })
    .png()
    .toBuffer();
}

/** RGB, 2·width × height. */
function sideBySide({ preview, edges }: Overlay, colors: readonly Color[]): Uint8Array {
  const { width, height, data } = preview;
  const labels = slotLabels(edges, wholeWindow(width, height), guideOf(preview).gray);
  const out = new Uint8Array(2 * width * height * 3);
  for (let pixel = 0; pixel < width * height; pixel++) {
    const left = Math.floor(pixel / width) * 2 * width + (pixel % width);
    const color = colors[labels[pixel]];
    for (let channel = 0; channel < 3; channel++) {
      const value = data[pixel * 3 + channel];
      out[left * 3 + channel] = value;
      out[(left + width) * 3 + channel] = Math.round(value + OPACITY * (color[channel] - value));
    }
  }
  return out;
}

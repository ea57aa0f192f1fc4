import type { RgbImage } from '../../../domain/images.ts';
import type { ImageMask } from '../imageMask.ts';
import type { CreateMaskWriter, MaskClass } from '../maskWriter.ts';

/** Longer side of an overlay in pixels, at most. */
const MAX_SIDE = 2048;
/** Opacity of the colors. */
const ALPHA = 0.5;

/** A JPEG for each image: the photograph under the classes' colors, with lines between them. */
export const writeOverlays: CreateMaskWriter = ({ zip, classes, photographs, unusedName }) => ({
  add: async (mask) => {
    const scale = Math.min(1, MAX_SIDE / Math.max(mask.width, mask.height));
    const width = Math.max(1, Math.round(scale * mask.width));
    const height = Math.max(1, Math.round(scale * mask.height));
    const photograph = await photographs.read(mask.imageIndex, width, height);
    const jpeg = await photographs.encodeJpeg(paintClasses(photograph, mask, classes));
    zip.add(unusedName(`overlays/${mask.path}`, '.jpg'), [jpeg], false);
  },
  end: () => undefined,
});

function paintClasses({ width, height, data }: RgbImage, mask: ImageMask, classes: readonly MaskClass[]): RgbImage {
  const columns = Uint32Array.from({ length: width }, (_, x) => Math.floor(((x + 0.5) * mask.width) / width));
  const painted = new Uint8Array(data.length);
  let above: Uint16Array | undefined;
  for (let y = 0; y < height; y++) {
    const start = Math.floor(((y + 0.5) * mask.height) / height) * mask.width;
    const row = Uint16Array.from(columns, (column) => mask.labels[start + column]);
    for (let x = 0; x < width; x++) {
      const label = row[x];
      const isBorder = (x > 0 && row[x - 1] !== label) || (above !== undefined && above[x] !== label);
      const at = 3 * (y * width + x);
      for (let channel = 0; channel < 3; channel++) {
        const color = classes[label].color[channel];
        painted[at + channel] = isBorder ? 0.4 * color : (1 - ALPHA) * data[at + channel] + ALPHA * color;
      }
    }
    above = row;
  }
  return { width, height, data: painted };
}

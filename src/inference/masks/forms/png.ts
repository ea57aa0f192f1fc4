import { indexPng } from '../indexPng.ts';
import type { CreateMaskWriter } from '../maskWriter.ts';

/** Many programs read index 255 as "no class": it is unused. */
const MAX_CLASSES = 255;

/** An index PNG for each image: 8 bits with the classes' colors as palette, or 16 bits of gray where these don't suffice. */
export const writePngs: CreateMaskWriter = ({ zip, classes, unusedName }) => {
  const palette = classes.length <= MAX_CLASSES ? classes.map(({ color }) => color) : undefined;
  return {
    add: async ({ path, width, height, labels }) => {
      const rows = (top: number, bottom: number): Uint16Array => labels.subarray(top * width, bottom * width);
      zip.add(unusedName(`masks/${path}`, '.png'), await indexPng({ width, height, rows }, palette), false);
    },
    end: () => undefined,
  };
};

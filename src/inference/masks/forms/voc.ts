import { strToU8 } from 'fflate';
import type { Color } from '../../../domain/palette.ts';
import { UserError } from '../../../lib/errors.ts';
import { createTextPieces } from '../../../lib/text/textPieces.ts';
import { runAt } from '../columnRuns.ts';
import type { ImageMask } from '../imageMask.ts';
import { indexPng } from '../indexPng.ts';
import { stemOf, type CreateMaskWriter } from '../maskWriter.ts';

/** Indices of Pascal VOC: 0 is background, which these masks lack, and 255 is left out. */
const [BACKGROUND, VOID, MAX_INDEX] = [0, 255, 254];
const VOID_COLOR: Color = [224, 224, 192];

/**
 * Folders of Pascal VOC (http://host.robots.ox.ac.uk/pascal/VOC/) without the images, with CVAT's labelmap.txt. Class c has
 * the index c + 1 in SegmentationClass. SegmentationObject numbers the largest regions from 1, and leaves out the others.
 */
export const writeVoc: CreateMaskWriter = ({ zip, classes, options, unusedName }) => {
  if (classes.length > MAX_INDEX) {
    throw new UserError(
      'export/too-many',
      `Pascal VOC holds ${MAX_INDEX} classes, and the model has ${classes.length}. Merge slots, or choose another form.`,
    );
  }
  const palette = paletteOf(classes.map(({ color }) => color));
  const names = createTextPieces();
  return {
    add: async (mask) => {
      const { width, height, labels } = mask;
      const rows = (top: number, bottom: number): Uint16Array =>
        labels.subarray(top * width, bottom * width).map((label) => label + 1);
      const file = unusedName(`SegmentationClass/${stemOf(mask.path)}`, '.png');
      zip.add(file, await indexPng({ width, height, rows }, palette), false);
      const name = file.slice('SegmentationClass/'.length);
      names.add(`${name.slice(0, -'.png'.length)}\n`);
      if (options.per === 'region') zip.add(`SegmentationObject/${name}`, await objectPng(mask), false);
    },
    end: () => {
      const all = Array.from(names.read(), (piece) => strToU8(piece));
      for (const set of ['train', 'val']) zip.add(`ImageSets/Segmentation/${set}.txt`, all, true);
      const lines = classes.map(({ name, color }) => `${name.replaceAll(/[:#]/g, ' ').trim()}:${color.join()}::\n`);
      const head = '# label:color_rgb:parts:actions\nbackground:0,0,0::\n';
      zip.add('labelmap.txt', [strToU8(head + lines.join(''))], true);
    },
  };
};

function objectPng(mask: ImageMask): Promise<Uint8Array[]> {
  const { width, height } = mask;
  const runs = mask.runs();
  const { ofRun } = mask.regions();
  const { list, ofRegion } = mask.objects();
  const numbers = new Uint8Array(list.length).fill(VOID);
  const byArea = [...list.keys()].sort((one, other) => list[other].area - list[one].area);
  byArea.slice(0, MAX_INDEX).forEach((object, rank) => (numbers[object] = rank + 1));
  const numberOf = (run: number): number => (ofRegion[ofRun[run]] < 0 ? VOID : numbers[ofRegion[ofRun[run]]]);
  const rows = (top: number, bottom: number): Uint8Array => {
    const band = new Uint8Array((bottom - top) * width);
    for (let x = 0; x < width; x++) {
      let run = runAt(runs, x, top);
      for (let y = top; y < bottom; y++) {
        if (run + 1 < runs.columns[x + 1] && runs.tops[run + 1] <= y) run += 1;
        band[(y - top) * width + x] = numberOf(run);
      }
    }
    return band;
  };
  return indexPng({ width, height, rows }, paletteOf(vocColors(MAX_INDEX)));
}

/** Colors of the indices 0 to 255, of which 1 and up are given. */
function paletteOf(colors: readonly Color[]): Color[] {
  const palette = Array.from({ length: 256 }, (): Color => [0, 0, 0]);
  colors.forEach((color, index) => (palette[BACKGROUND + 1 + index] = color));
  palette[VOID] = VOID_COLOR;
  return palette;
}

/** The colors 1 to `count` of VOC's own palette, in which the bits of an index are spread over the channels. */
function vocColors(count: number): Color[] {
  const channel = (index: number, shift: number): number => {
    let value = 0;
    for (let bit = 0; bit < 8; bit++) value |= ((index >> (3 * bit + shift)) & 1) << (7 - bit);
    return value;
  };
  return Array.from({ length: count }, (_, at) => [channel(at + 1, 0), channel(at + 1, 1), channel(at + 1, 2)]);
}

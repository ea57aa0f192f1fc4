import sharp, { type OverlayOptions } from 'sharp';
import { recipeLine, recipeOf, SHOWN_IMAGES } from '../../config/explore.ts';
import type { Config } from '../../config/fields.ts';
import type { ImageSource } from '../../domain/images.ts';
import { evenly } from '../../lib/evenly.ts';
import { drawSheet, type SheetTile } from '../../replay/sheet.ts';
import type { ExploredRun, RecipeRow } from './exploreFolder.ts';

/** Longer side of a picture, and opacity of the slots over it. */
const [SIDE, OPACITY] = [256, 0.6];
/** As in `drawSheet`, which leaves this much room for a caption. */
const CAPTION = 24;

/** Indices of the images on the sheet. */
export function shownImages(runs: readonly ExploredRun[]): number[] {
  return evenly([...(runs.find(({ labels }) => labels)?.grids.keys() ?? [])], SHOWN_IMAGES);
}

/** The run of a recipe whose segmentations are shown: the first that succeeded. */
export function shownRun({ recipe }: RecipeRow, runs: readonly ExploredRun[]): ExploredRun | undefined {
  return runs.find(({ point, labels }) => recipeOf(point) === recipe && labels);
}

/** Writes one PNG: the photographs, then a row per recipe with the same photographs under its slots. */
export async function writeContactSheet(
  file: string,
  rows: readonly RecipeRow[],
  runs: readonly ExploredRun[],
  images: ImageSource,
  { prototypes }: Config,
): Promise<void> {
  const shown = shownImages(runs);
  const photographs: SheetTile[] = [];
  for (const index of shown) {
    photographs.push({ dimensions: images.dimensions(index), pixels: await images.get(index) });
  }
  const strips = [{ caption: images.name, tiles: photographs }];
  for (const row of rows) {
    const run = shownRun(row, runs);
    if (!run) continue;
    const tiles = photographs.map((tile, at) => ({ ...tile, grid: run.grids.get(shown[at]) }));
    strips.push({ caption: recipeLine(row.recipe, row), tiles });
  }
  const blank = (_: string, width: number, height: number) =>
    new Uint8ClampedArray(new Uint32Array(width * height).fill(0xff1c1918).buffer);
  const sheets = strips.map(({ tiles, caption }) =>
    drawSheet({ tiles, columns: tiles.length, side: SIDE, captions: [caption], prototypes, opacity: OPACITY }, blank),
  );
  const [{ width }] = sheets;
  const height = sheets.reduce((sum, sheet) => sum + sheet.height, 0);
  const layers: OverlayOptions[] = [];
  let top = 0;
  sheets.forEach(({ rgba, height: own }, at) => {
    layers.push({ input: Buffer.from(rgba.buffer), raw: { width, height: own, channels: 4 }, top, left: 0 });
    layers.push({ input: captionSvg(strips[at].caption, width), top, left: 0 });
    top += own;
  });
  await sharp({ create: { width, height, channels: 3, background: '#18191c' } })
    .composite(layers)
    .png()
    .toFile(file);
}

function captionSvg(text: string, width: number): Buffer {
  const escaped = text.replace(/&/g, '&amp;').replace(/</g, '&lt;');
  return Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${CAPTION}"><text x="6" y="17" font-family="sans-serif" font-size="15" fill="#e6e7ea">${escaped}</text></svg>`,
  );
}

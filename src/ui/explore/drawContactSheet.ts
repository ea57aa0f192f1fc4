import { recipeLine } from '../../config/explore.ts';
import type { Overlay } from '../../domain/reports.ts';
import { wholeWindow } from '../../domain/slotGrid.ts';
import type { Exploration } from '../../state/runs/explorations.ts';
import { drawableOf, grayOf, type Picture } from '../photograph/picture.ts';
import { drawSegments } from '../widgets/drawOverlay.ts';

/** Longer side of a picture, and opacity of the slots over it. */
export const SIDE = 320;
const OPACITY = 0.6;
const [GAP, CAPTION] = [4, 28];

/**
 * Draws the whole image under its slots, of `count` prototypes, or as it is; its longer side is `side`, and the canvas takes
 * its proportions.
 */
export function drawPicture(
  canvas: HTMLCanvasElement,
  { dimensions, edges }: Overlay,
  picture: Picture,
  count: number | undefined,
  side: number,
): void {
  const scale = side / Math.max(dimensions.width, dimensions.height);
  const [width, height] = [dimensions.width, dimensions.height].map((length) =>
    Math.max(1, Math.round(length * scale)),
  );
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext('2d');
  if (!context) return;
  // A copy that was closed meanwhile: the next one is drawn at once.
  if (picture.width === 0) return;
  context.imageSmoothingQuality = 'high';
  context.drawImage(drawableOf(picture), 0, 0, width, height);
  if (count === undefined) return;
  const slots = document.createElement('canvas');
  const window = wholeWindow(width, height);
  drawSegments(slots, { grid: edges, window, count, gray: (part) => grayOf(picture, part) });
  context.globalAlpha = OPACITY;
  context.drawImage(slots, 0, 0);
}

/** The images that the rows show, which are the same in each. */
export function photographsOf(rows: Exploration['rows']): readonly Overlay[] {
  return rows.at(0)?.pictures ?? [];
}

/**
 * The contact sheet as one PNG: the photographs, then a row per recipe. `load` gives a photograph with at most so many pixels
 * a side, if it is there.
 */
export async function drawContactSheet(
  { images, rows }: Exploration,
  load: (image: Overlay, longer: number) => Promise<ImageBitmap | undefined>,
): Promise<Blob | undefined> {
  const photographs = new Map<number, Picture>();
  for (const image of photographsOf(rows))
    photographs.set(image.imageIndex, (await load(image, SIDE)) ?? image.preview);
  const sheet = document.createElement('canvas');
  const strips = [
    { caption: images, pictures: photographsOf(rows), count: undefined },
    ...rows.map(({ recipe, pictures, run, ...facts }) => {
      return { caption: recipeLine(recipe, facts), pictures, count: run.config.prototypes };
    }),
  ];
  const columns = Math.max(...strips.map(({ pictures }) => pictures.length));
  sheet.width = columns * (SIDE + GAP) + GAP;
  sheet.height = strips.length * (SIDE + CAPTION + GAP);
  const context = sheet.getContext('2d');
  if (!context) return undefined;
  context.fillStyle = '#18191c';
  context.fillRect(0, 0, sheet.width, sheet.height);
  context.fillStyle = '#e6e7ea';
  context.font = '16px system-ui, sans-serif';
  strips.forEach(({ caption, pictures, count }, at) => {
    const top = at * (SIDE + CAPTION + GAP);
    context.fillText(caption, GAP, top + 20, sheet.width - 2 * GAP);
    pictures.forEach((overlay, column) => {
      const tile = document.createElement('canvas');
      drawPicture(tile, overlay, photographs.get(overlay.imageIndex) ?? overlay.preview, count, SIDE);
      context.drawImage(tile, GAP + column * (SIDE + GAP), top + CAPTION);
    });
  });
  for (const picture of photographs.values()) if (picture instanceof ImageBitmap) picture.close();
  return new Promise((resolve) => sheet.toBlob((png) => resolve(png ?? undefined)));
}

import { recipeLine } from '../../config/explore.ts';
import { paintImage } from '../../domain/imagePaint.ts';
import type { Overlay } from '../../domain/reports.ts';
import { wholeWindow } from '../../domain/slotGrid.ts';
import type { Exploration } from '../../state/runs/explorations.ts';
import { grayOf } from '../photograph/picture.ts';
import { drawPixels, drawSegments } from '../widgets/drawOverlay.ts';

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
  overlay: Overlay,
  count: number | undefined,
  side: number,
): void {
  const { dimensions, preview, edges } = overlay;
  const scale = side / Math.max(dimensions.width, dimensions.height);
  const [width, height] = [dimensions.width, dimensions.height].map((length) =>
    Math.max(1, Math.round(length * scale)),
  );
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext('2d');
  if (!context) return;
  const [photograph, slots] = [document.createElement('canvas'), document.createElement('canvas')];
  drawPixels(photograph, preview.width, preview.height, (out) => paintImage(preview.data, out));
  context.drawImage(photograph, 0, 0, width, height);
  if (count === undefined) return;
  const window = wholeWindow(width, height);
  drawSegments(slots, { grid: edges, window, count, gray: (part) => grayOf(photograph, part) });
  context.globalAlpha = OPACITY;
  context.drawImage(slots, 0, 0);
}

/** The images that the rows show, which are the same in each. */
export function photographsOf(rows: Exploration['rows']): readonly Overlay[] {
  return rows.at(0)?.pictures ?? [];
}

/** The contact sheet as one PNG: the photographs, then a row per recipe. */
export function drawContactSheet({ images, rows }: Exploration, save: (png: Blob) => void): void {
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
  if (!context) return;
  context.fillStyle = '#18191c';
  context.fillRect(0, 0, sheet.width, sheet.height);
  context.fillStyle = '#e6e7ea';
  context.font = '16px system-ui, sans-serif';
  strips.forEach(({ caption, pictures, count }, at) => {
    const top = at * (SIDE + CAPTION + GAP);
    context.fillText(caption, GAP, top + 20, sheet.width - 2 * GAP);
    pictures.forEach((overlay, column) => {
      const tile = document.createElement('canvas');
      drawPicture(tile, overlay, count, SIDE);
      context.drawImage(tile, GAP + column * (SIDE + GAP), top + CAPTION);
    });
  });
  sheet.toBlob((png) => {
    if (png) save(png);
  });
}

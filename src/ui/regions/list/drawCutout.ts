import type { RegionCells } from '../../../domain/regions.ts';
import type { CutoutBox } from './cutoutBox.ts';

/** Opacity of what covers the rest of the photograph, of 255. */
const VEIL = 168;

/** A picture with a pixel per cell of a photograph: dark where another prototype wins. */
function veilOf(cells: RegionCells, image: number, prototype: number): OffscreenCanvas | undefined {
  const [columns, rows] = [cells.columns[image], cells.rows[image]];
  if (columns * rows === 0) return undefined;
  const pixels = new ImageData(columns, rows);
  const winners = cells.winners.subarray(cells.starts[image], cells.starts[image + 1]);
  winners.forEach((winner, cell) => (pixels.data[4 * cell + 3] = winner === prototype ? 0 : VEIL));
  const canvas = new OffscreenCanvas(columns, rows);
  canvas.getContext('2d')?.putImageData(pixels, 0, 0);
  return canvas;
}

/** The region of `prototype` in its photograph; the whole photograph without one. */
export interface CutoutShape {
  readonly cells: RegionCells;
  readonly image: number;
  readonly prototype: number;
}

/** Draws a part of a photograph into the middle of a canvas, with a veil over what is not of the region. */
export function drawCutout(
  canvas: HTMLCanvasElement,
  copy: ImageBitmap,
  box: CutoutBox,
  place: { readonly width: number; readonly height: number },
  shape: CutoutShape | undefined,
): void {
  // It was closed meanwhile.
  if (copy.width === 0) return;
  [canvas.width, canvas.height] = [place.width, place.height];
  const context = canvas.getContext('2d');
  if (!context) return;
  const scale = Math.min(place.width / (box.width * copy.width), place.height / (box.height * copy.height));
  const [width, height] = [box.width * copy.width * scale, box.height * copy.height * scale];
  const [left, top] = [(place.width - width) / 2, (place.height - height) / 2];
  const draw = (source: ImageBitmap | OffscreenCanvas): void =>
    context.drawImage(
      source,
      box.left * source.width,
      box.top * source.height,
      box.width * source.width,
      box.height * source.height,
      left,
      top,
      width,
      height,
    );
  context.imageSmoothingQuality = 'high';
  draw(copy);
  const veil = shape && veilOf(shape.cells, shape.image, shape.prototype);
  if (veil) draw(veil);
}

import {
  paintIsolated,
  paintSegments,
  segmentPalette,
  segmentsOf,
  texturedPrototypes,
} from '../../domain/segmentPaint.ts';
import { COARSE, coarseLabels, type LabelWindow, type SlotGrid } from '../../domain/slotGrid.ts';

/** Fills a canvas with words of RGBA. */
export function drawPixels(
  canvas: HTMLCanvasElement,
  width: number,
  height: number,
  paint: (out: Uint32Array) => void,
): void {
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  const image = new ImageData(width, height);
  paint(new Uint32Array(image.data.buffer));
  canvas.getContext('2d')?.putImageData(image, 0, 0);
}

/** All segments, or one alone, of a part of an image; `gray` as of `slotLabels`. */
export function drawSegments(
  canvas: HTMLCanvasElement,
  grid: SlotGrid,
  window: LabelWindow,
  count: number,
  isolated: number | undefined,
  gray?: Float32Array,
): void {
  const palette = segmentPalette(count);
  const segments = segmentsOf(grid, window, gray);
  drawPixels(canvas, window.width, window.height, (out) => {
    if (isolated === undefined) paintSegments(segments, palette, texturedOf(grid, count), devicePixelRatio, out);
    else paintIsolated(segments, isolated, palette, devicePixelRatio, out);
  });
}

const textured = new WeakMap<SlotGrid, Uint8Array>();

/** Prototypes drawn with a texture: decided by the whole image, so that a part looks the same. */
function texturedOf(grid: SlotGrid, count: number): Uint8Array {
  const known = textured.get(grid);
  if (known?.length === count) return known;
  const found = texturedPrototypes(coarseLabels(grid), COARSE * grid.columns, segmentPalette(count));
  textured.set(grid, found);
  return found;
}

import type { RgbImage } from '../domain/images.ts';
import type { Overlay } from '../domain/reports.ts';
import { createSlotGrid, type SlotGrid } from '../domain/slotGrid.ts';
import { dimensionsOf } from './images.ts';

/** Grid whose cells have these labels. */
export function gridOf(labels: ArrayLike<number>, rows: number, columns: number): SlotGrid {
  const prototypes = Math.max(...Array.from(labels)) + 1;
  const dots = new Float32Array(rows * columns * prototypes);
  for (let cell = 0; cell < rows * columns; cell++) dots[cell * prototypes + labels[cell]] = 1;
  return createSlotGrid(dots, prototypes, rows, columns);
}

/** Overlay of an image that is one cell high; `labels` are those of its cells. */
export function stripOverlay(imageIndex: number, labels: readonly number[]): Overlay {
  const preview: RgbImage = { width: labels.length, height: 1, data: new Uint8Array(3 * labels.length) };
  const grid = gridOf(labels, 1, labels.length);
  return { imageIndex, path: `${imageIndex}.png`, dimensions: dimensionsOf(preview), preview, grid, edges: grid };
}

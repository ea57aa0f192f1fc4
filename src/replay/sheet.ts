import { packRgba, paintSegments, segmentPalette, segmentsOf, texturedPrototypes } from '../domain/segmentPaint.ts';
import { cropResize } from '../data/resample.ts';
import { guideOf } from '../lib/edges/guidedFilter.ts';
import { wholeWindow, type SlotGrid } from '../domain/slotGrid.ts';
import type { ReplayImage } from './messages.ts';

/** One image of a sheet, with its segments over it where it has any. */
export interface SheetTile extends ReplayImage {
  readonly grid?: SlotGrid | undefined;
}

export interface Sheet {
  readonly width: number;
  readonly height: number;
  readonly rgba: Uint8ClampedArray<ArrayBuffer>;
}

/** Returns width × height RGBA pixels of light text on dark. A port: Node has no fonts. */
export type DrawText = (text: string, width: number, height: number) => Uint8ClampedArray;

export interface SheetLayout {
  readonly tiles: readonly SheetTile[];
  readonly columns: number;
  /** Longer side of each image in pixels; it stands in the middle of a square of that side. */
  readonly side: number;
  /** Captions of the columns, from the left; a single one spans all. */
  readonly captions: readonly string[];
  readonly prototypes: number;
  readonly opacity: number;
}

const [GAP, CAPTION] = [4, 24];
const BACKGROUND = packRgba([24, 25, 28]);

/** Draws the images in rows of `columns`, below a line of captions. */
export function drawSheet(layout: SheetLayout, drawText: DrawText): Sheet {
  const { tiles, columns, side, captions } = layout;
  const width = columns * (side + GAP) + GAP;
  const height = CAPTION + Math.ceil(tiles.length / columns) * (side + GAP);
  const pixels = new Uint32Array(width * height).fill(BACKGROUND);
  const paste = (source: Uint32Array, left: number, top: number, sourceWidth: number): void => {
    for (let row = 0; row * sourceWidth < source.length; row++) {
      pixels.set(source.subarray(row * sourceWidth, (row + 1) * sourceWidth), (top + row) * width + left);
    }
  };
  const span = captions.length === 1 ? width - 2 * GAP : side;
  captions.forEach((text, column) => {
    const drawn = Uint8Array.from(drawText(text, span, CAPTION));
    paste(new Uint32Array(drawn.buffer), GAP + column * (side + GAP), 0, span);
  });
  tiles.forEach((tile, at) => {
    const [column, row] = [at % columns, Math.floor(at / columns)];
    const { width: across, height: down } = fitted(tile, side);
    const [left, top] = [GAP + column * (side + GAP), CAPTION + row * (side + GAP)];
    const pixels = drawTile(tile, across, down, layout);
    paste(pixels, left + Math.floor((side - across) / 2), top + Math.floor((side - down) / 2), across);
  });
  return { width, height, rgba: new Uint8ClampedArray(pixels.buffer) };
}

/** Size of an image whose longer side is `side`. */
function fitted({ dimensions: { width, height } }: SheetTile, side: number): { width: number; height: number } {
  const scale = side / Math.max(width, height);
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

function drawTile(
  { pixels, grid }: SheetTile,
  width: number,
  height: number,
  { prototypes, opacity }: SheetLayout,
): Uint32Array {
  const segments = new Uint32Array(width * height);
  const whole = { top: 0, left: 0, width: pixels.width, height: pixels.height };
  const { data } = cropResize(pixels, whole, height, width, 'bilinear');
  if (grid) {
    const palette = segmentPalette(prototypes);
    const painted = segmentsOf(grid, wholeWindow(width, height), guideOf({ width, height, data }).gray);
    paintSegments(painted, palette, texturedPrototypes(painted.labels, width, palette), 1, segments);
  }
  const weight = grid ? opacity : 0;
  const out = new Uint32Array(width * height);
  for (let at = 0; at < out.length; at++) {
    const mixed = (channel: number): number => {
      const value = data[3 * at + channel];
      return Math.round(value + weight * (((segments[at] >> (8 * channel)) & 255) - value));
    };
    out[at] = packRgba([mixed(0), mixed(1), mixed(2)]);
  }
  return out;
}

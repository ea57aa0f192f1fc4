import { fullRaster, packRgba, paintSegments, segmentPalette } from '../domain/segmentPaint.ts';

/** One image of a sheet, with its segments over it where it has labels. */
export interface SheetTile {
  readonly size: number;
  readonly rgb: Uint8Array;
  readonly labels?: Uint16Array | undefined;
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
  /** Side of each image in pixels. */
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
    paste(drawTile(tile, layout), GAP + column * (side + GAP), CAPTION + row * (side + GAP), side);
  });
  return { width, height, rgba: new Uint8ClampedArray(pixels.buffer) };
}

function drawTile({ size, rgb, labels }: SheetTile, { side, prototypes, opacity }: SheetLayout): Uint32Array {
  const raster = fullRaster(size, side);
  const segments = new Uint32Array(side * side);
  if (labels) paintSegments({ labels, size }, raster, segmentPalette(prototypes), 1, segments);
  const weight = labels ? opacity : 0;
  const out = new Uint32Array(side * side);
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const at = y * side + x;
      const from = (raster.rows[y] * size + raster.columns[x]) * 3;
      const over = segments[at];
      const mixed = (channel: number): number =>
        Math.round(rgb[from + channel] + weight * (((over >> (8 * channel)) & 255) - rgb[from + channel]));
      out[at] = packRgba([mixed(0), mixed(1), mixed(2)]);
    }
  }
  return out;
}

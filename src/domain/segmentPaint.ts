import { areAlike, prototypeColors, prototypeTextures, type Color } from './palette.ts';

/**
 * Draws segmentations into RGBA pixels, as 32-bit words (little-endian: 0xAABBGGRR), at screen resolution, so that scaling
 * blurs neither segments nor the lines between them.
 */

export function packRgba([red, green, blue]: Color, alpha = 255): number {
  return ((alpha << 24) | (blue << 16) | (green << 8) | red) >>> 0;
}

/** Column and row of a square of labels for each pixel column and row; −1 outside the square. */
export interface Raster {
  readonly columns: Int32Array;
  readonly rows: Int32Array;
}

/** Raster of width × height pixels. `left`, `top` is its corner in labels, `scale` the number of pixels per label. */
export function rasterOf(
  size: number,
  { width, height, left, top, scale }: { width: number; height: number; left: number; top: number; scale: number },
): Raster {
  const along = (pixels: number, start: number): Int32Array =>
    Int32Array.from({ length: pixels }, (_, at) => {
      const place = Math.floor(start + (at + 0.5) / scale);
      return place >= 0 && place < size ? place : -1;
    });
  return { columns: along(width, left), rows: along(height, top) };
}

/** Raster of the whole square in side × side pixels. */
export function fullRaster(size: number, side: number): Raster {
  return rasterOf(size, { width: side, height: side, left: 0, top: 0, scale: side / size });
}

/** Packed colors per prototype, [count] each. */
export interface SegmentPalette {
  readonly count: number;
  readonly fills: Uint32Array;
  /** Lines between segments: a darker shade of the fill, so that small segments keep their hue. */
  readonly borders: Uint32Array;
  /** Marks of the texture: lighter or darker than the fill. */
  readonly marks: Uint32Array;
  readonly textures: Uint8Array;
}

const palettes = new Map<number, SegmentPalette>();

export function segmentPalette(count: number): SegmentPalette {
  const known = palettes.get(count);
  if (known) return known;
  const colors = prototypeColors(count);
  const packed = (change: (color: Color) => Color): Uint32Array =>
    Uint32Array.from(colors, (color) => packRgba(change(color)));
  const palette = {
    count,
    fills: packed((color) => color),
    borders: packed((color) => mix(color, 0, 0.62)),
    marks: packed((color) => (brightness(color) > 120 ? mix(color, 0, 0.45) : mix(color, 255, 0.45))),
    textures: prototypeTextures(count),
  };
  palettes.set(count, palette);
  return palette;
}

const mix = (color: Color, towards: number, fraction: number): Color => {
  const [red, green, blue] = color.map((value) => Math.round(value + fraction * (towards - value)));
  return [red, green, blue];
};
const brightness = ([red, green, blue]: Color): number => 0.3 * red + 0.59 * green + 0.11 * blue;

export interface Segments {
  /** size × size prototype indices. */
  readonly labels: Uint16Array;
  readonly size: number;
}

const texturedOf = new WeakMap<Uint16Array, Uint8Array>();

/** 1 for prototypes that touch one of a similar color in the image: their textures are drawn. */
function texturedPrototypes(segments: Segments, palette: SegmentPalette): Uint8Array {
  const known = texturedOf.get(segments.labels);
  if (known?.length === palette.count) return known;
  const textured = findTextured(segments, palette);
  texturedOf.set(segments.labels, textured);
  return textured;
}

function findTextured({ labels, size }: Segments, { count, textures }: SegmentPalette): Uint8Array {
  const textured = new Uint8Array(count);
  if (textures.every((texture) => texture === 0)) return textured;
  const seen = new Set<number>();
  const compare = (one: number, other: number): void => {
    if (one === other) return;
    const pair = Math.min(one, other) * count + Math.max(one, other);
    if (seen.has(pair)) return;
    seen.add(pair);
    if (areAlike(one, other, count)) textured[one] = textured[other] = 1;
  };
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const at = y * size + x;
      if (x + 1 < size) compare(labels[at], labels[at + 1]);
      if (y + 1 < size) compare(labels[at], labels[at + size]);
    }
  }
  return textured;
}

/**
 * Draws all segments. `line` is the width of borders in pixels; textures scale with it. Pixels outside the square are
 * clear.
 */
export function paintSegments(
  segments: Segments,
  { columns, rows }: Raster,
  palette: SegmentPalette,
  line: number,
  out: Uint32Array,
): void {
  const { labels, size } = segments;
  const { fills, borders, marks, textures } = palette;
  const textured = texturedPrototypes(segments, palette);
  const width = columns.length;
  const reach = Math.max(1, Math.round(line));
  const marked = textureTiles(reach);
  const period = PERIOD * reach;
  for (let y = 0; y < rows.length; y++) {
    const row = rows[y];
    const above = y >= reach ? rows[y - reach] : row;
    for (let x = 0; x < width; x++) {
      const column = columns[x];
      if (row < 0 || column < 0) {
        out[y * width + x] = 0;
        continue;
      }
      const label = labels[row * size + column];
      const before = x >= reach ? columns[x - reach] : column;
      const bordering =
        (before >= 0 && labels[row * size + before] !== label) ||
        (above >= 0 && labels[above * size + column] !== label);
      if (bordering) out[y * width + x] = borders[label];
      else if (textured[label] === 1 && marked[textures[label]][(y % period) * period + (x % period)] === 1) {
        out[y * width + x] = marks[label];
      } else out[y * width + x] = fills[label];
    }
  }
}

/** Period of textures, in line widths. */
const PERIOD = 6;

const tiles = new Map<number, readonly Uint8Array[]>();

/** A tile of PERIOD × PERIOD line widths per texture: 1 where it has a mark. */
function textureTiles(line: number): readonly Uint8Array[] {
  const known = tiles.get(line);
  if (known) return known;
  const period = PERIOD * line;
  const stripe = (place: number, width = line): boolean => (place + period) % period < width;
  const marks: readonly ((x: number, y: number) => boolean)[] = [
    () => false,
    (x, y) => stripe(x + y),
    (x, y) => stripe(x - y),
    (_, y) => stripe(y),
    (x) => stripe(x),
    (x, y) => stripe(x, 2 * line) && stripe(y, 2 * line),
    (x, y) => stripe(x + y) || stripe(x - y),
    (x, y) => stripe(x) || stripe(y),
  ];
  const drawn = marks.map((isMarked) =>
    Uint8Array.from({ length: period * period }, (_, at) => Number(isMarked(at % period, Math.floor(at / period)))),
  );
  tiles.set(line, drawn);
  return drawn;
}

/** Drawn over all other segments. */
const VEIL = packRgba([18, 20, 24], 200);

/** Draws one prototype alone: clear inside an outline of its color, with a veil over the rest. */
export function paintIsolated(
  { labels, size }: Segments,
  { columns, rows }: Raster,
  isolated: number,
  palette: SegmentPalette,
  line: number,
  out: Uint32Array,
): void {
  const [width, height] = [columns.length, rows.length];
  const reach = Math.max(1, Math.round(2 * line));
  const outline = palette.fills[isolated];
  const is = (x: number, y: number): boolean => {
    const [inX, inY] = [Math.min(Math.max(x, 0), width - 1), Math.min(Math.max(y, 0), height - 1)];
    const [column, row] = [columns[inX], rows[inY]];
    // Segments continue beyond the raster and end at the square.
    if ((x !== inX && (column === 0 || column === size - 1)) || (y !== inY && (row === 0 || row === size - 1))) {
      return false;
    }
    return column >= 0 && row >= 0 && labels[row * size + column] === isolated;
  };
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = y * width + x;
      if (rows[y] < 0 || columns[x] < 0) out[at] = 0;
      else if (!is(x, y)) out[at] = VEIL;
      else out[at] = is(x - reach, y) && is(x + reach, y) && is(x, y - reach) && is(x, y + reach) ? 0 : outline;
    }
  }
}

/** Draws the image itself, opaque. `rgb` holds 3 bytes per pixel. */
export function paintImage(rgb: Uint8Array, out: Uint32Array): void {
  for (let at = 0, from = 0; at < out.length; at++, from += 3) {
    out[at] = (0xff000000 | (rgb[from + 2] << 16) | (rgb[from + 1] << 8) | rgb[from]) >>> 0;
  }
}

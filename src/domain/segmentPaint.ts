import { areAlike, prototypeColors, prototypeTextures, type Color } from './palette.ts';
import { OUTSIDE, slotLabels, type LabelWindow, type SlotGrid } from './slotGrid.ts';

/**
 * Draws segmentations into RGBA pixels, as 32-bit words (little-endian: 0xAABBGGRR), at screen resolution, so that scaling
 * blurs neither segments nor the lines between them.
 */

export function packRgba([red, green, blue]: Color, alpha = 255): number {
  return ((alpha << 24) | (blue << 16) | (green << 8) | red) >>> 0;
}

/** Labels at the resolution at which they are painted. */
export interface Segments {
  /** height × width prototype indices; OUTSIDE where there is no image. */
  readonly labels: Uint16Array;
  readonly width: number;
  readonly height: number;
  /** Sides at which the image continues beyond these pixels; none if missing. */
  readonly continues?: {
    readonly left: boolean;
    readonly top: boolean;
    readonly right: boolean;
    readonly bottom: boolean;
  };
}

/** Segments of a part of an image; `gray` as of `slotLabels`. */
export function segmentsOf(grid: SlotGrid, window: LabelWindow, gray?: Float32Array): Segments {
  const { left, top, width, height, imageWidth, imageHeight } = window;
  const continues = {
    left: left > 0.5,
    top: top > 0.5,
    right: left + width < imageWidth - 0.5,
    bottom: top + height < imageHeight - 0.5,
  };
  return { labels: slotLabels(grid, window, gray), width, height, continues };
}

/** Segments enlarged or reduced to width × height pixels, without blur. */
export function resampleSegments(segments: Segments, width: number, height: number): Segments {
  const labels = new Uint16Array(width * height);
  for (let y = 0; y < height; y++) {
    const row = Math.floor(((y + 0.5) * segments.height) / height) * segments.width;
    for (let x = 0; x < width; x++) {
      labels[y * width + x] = segments.labels[row + Math.floor(((x + 0.5) * segments.width) / width)];
    }
  }
  return { labels, width, height };
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

/** 1 for prototypes that touch one of a similar color in an image of this width: their textures are drawn. */
export function texturedPrototypes(
  labels: Uint16Array,
  width: number,
  { count, textures }: SegmentPalette,
): Uint8Array {
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
  for (let at = 0; at < labels.length; at++) {
    if ((at + 1) % width !== 0) compare(labels[at], labels[at + 1]);
    if (at + width < labels.length) compare(labels[at], labels[at + width]);
  }
  return textured;
}

/**
 * Draws all segments. `line` is the width of borders in pixels; textures, drawn in `textured` prototypes, scale with it.
 * Pixels outside the image are clear.
 */
export function paintSegments(
  { labels, width, height }: Segments,
  palette: SegmentPalette,
  textured: Uint8Array,
  line: number,
  out: Uint32Array,
): void {
  const { fills, borders, marks, textures } = palette;
  const reach = Math.max(1, Math.round(line));
  const marked = textureTiles(reach);
  const period = PERIOD * reach;
  const differs = (neighbor: number, label: number): boolean => neighbor !== label && neighbor !== OUTSIDE;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = y * width + x;
      const label = labels[at];
      if (label === OUTSIDE) out[at] = 0;
      else if (
        (x >= reach && differs(labels[at - reach], label)) ||
        (y >= reach && differs(labels[at - reach * width], label))
      ) {
        out[at] = borders[label];
      } else if (textured[label] === 1 && marked[textures[label]][(y % period) * period + (x % period)] === 1) {
        out[at] = marks[label];
      } else out[at] = fills[label];
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
  { labels, width, height, continues }: Segments,
  isolated: number,
  palette: SegmentPalette,
  line: number,
  out: Uint32Array,
): void {
  const reach = Math.max(1, Math.round(2 * line));
  const outline = palette.fills[isolated];
  const is = (x: number, y: number): boolean => {
    // Segments end at the border of the image; beyond other borders they continue.
    if (x < 0 && !continues?.left) return false;
    if (y < 0 && !continues?.top) return false;
    if (x >= width && !continues?.right) return false;
    if (y >= height && !continues?.bottom) return false;
    const [inX, inY] = [Math.min(Math.max(x, 0), width - 1), Math.min(Math.max(y, 0), height - 1)];
    return labels[inY * width + inX] === isolated;
  };
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = y * width + x;
      if (labels[at] === OUTSIDE) out[at] = 0;
      else if (labels[at] !== isolated) out[at] = VEIL;
      else out[at] = is(x - reach, y) && is(x + reach, y) && is(x, y - reach) && is(x, y + reach) ? 0 : outline;
    }
  }
}

import type { MapWindow } from './mapWindow.ts';

/** Pixels that points are drawn into, as 32-bit words (little-endian: 0xAABBGGRR). */
export interface Raster {
  readonly width: number;
  readonly height: number;
  readonly words: Uint32Array;
}

/** Points between two yields of `splat`: in software they take a millisecond, and ten where the browser hasn't compiled it. */
const SLICE = 20_000;

/**
 * Draws points as discs of `radius` pixels, in their order, and yields between slices of them. `positions` x, y of each point,
 * [N,2]; `colors` packed, [N], or one for all; 0 for a point that isn't drawn. `points`: those to draw; all by default.
 */
export function* splat(
  { width, height, words }: Raster,
  { left, top, scale }: MapWindow,
  positions: Float32Array,
  colors: Uint32Array | number,
  radius: number,
  points?: Uint32Array,
): Generator<undefined, void> {
  const reaches = reachesOf(radius);
  const rows = (reaches.length - 1) / 2;
  const count = points?.length ?? positions.length / 2;
  for (let at = 0; at < count; at++) {
    if (at % SLICE === SLICE - 1) yield;
    const point = points ? points[at] : at;
    const color = typeof colors === 'number' ? colors : colors[point];
    if (color === 0) continue;
    const x = Math.floor((positions[2 * point] - left) * scale);
    const y = Math.floor((positions[2 * point + 1] - top) * scale);
    if (x < -rows || y < -rows || x >= width + rows || y >= height + rows) continue;
    for (let row = Math.max(0, rows - y); row < reaches.length && y + row - rows < height; row++) {
      const reach = reaches[row];
      const start = (y + row - rows) * width;
      const end = Math.min(width - 1, x + reach);
      for (let column = Math.max(0, x - reach); column <= end; column++) words[start + column] = color;
    }
  }
}

/** Pixels on each side of the middle, for each row of a disc. */
function reachesOf(radius: number): Int32Array {
  const rows = Math.floor(radius);
  return Int32Array.from({ length: 2 * rows + 1 }, (_, row) => Math.floor(Math.sqrt(radius ** 2 - (row - rows) ** 2)));
}

/** Radius of a point in CSS pixels: many points are smaller, and grow as the map is enlarged. */
export function pointRadius(count: number, enlarged: number): number {
  const least = count > 50_000 ? 0.8 : count > 5000 ? 1.4 : 2.5;
  return Math.min(6, least * Math.max(1, enlarged) ** 0.35);
}

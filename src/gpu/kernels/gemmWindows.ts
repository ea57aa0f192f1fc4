import type { GemmAddressing, GemmStrategy } from './gemmCode.ts';
import type { GemmShared } from './gemmSlice.ts';

/** Position of a window, and element of a window (tap), to (address, y, x). What lies above or left of 0 wraps around. */
const WINDOWS = `
// Image, line and column of place i of the grid.
fn placeAt(i: u32, s: Slice) -> vec3u {
  let line = divide(i, s.gridWidth, bitcast<f32>(s.gridWidthInverse));
  let image = divide(line, s.gridHeight, bitcast<f32>(s.gridHeightInverse));
  return vec3u(image, line - image * s.gridHeight, i - line * s.gridWidth);
}
fn position(i: u32, s: Slice) -> vec3u {
  let place = placeAt(i, s);
  let y = place.y * s.step + s.top;
  let x = place.z * s.step + s.left;
  return vec3u(s.a + ((place.x * s.height + y) * s.width + x) * s.channels, y, x);
}
fn tap(k: u32, s: Slice) -> vec3u {
  let t = divide(k, s.run, bitcast<f32>(s.runInverse));
  let first = tapAt(t, s).xyz;
  return vec3u(first.x + k - t * s.run, first.yz);
}`;

/** Taps in the table: address, y and x of their first channel relative to a window's corner, and their first row of B. */
const TAP = `
fn tapAt(t: u32, s: Slice) -> vec4u {
  let at = s.taps + t * 3u;
  let shift = bitcast<i32>(table[at + 1u]);
  return vec4u(table[at], bitcast<u32>(shift >> 16u), bitcast<u32>((shift << 16u) >> 16u), table[at + 2u]);
}`;

/** Rows are positions of a window over the image, depths are elements of the window: A is the input of a convolution. */
const FORWARD: GemmAddressing = {
  tap: TAP,
  parts: `${WINDOWS}
fn rowPart(i: u32, s: Slice) -> vec3u { return position(i, s); }
fn depthPart(k: u32, s: Slice) -> vec3u { return tap(k, s); }`,
  rowsAdjacent: false,
};

/** As FORWARD, but taps name their rows of B, and the result is written to places of a grid. */
export const INPUT: GemmAddressing = {
  ...FORWARD,
  bRow: `
fn bRow(k: u32, s: Slice) -> u32 {
  let t = divide(k, s.run, bitcast<f32>(s.runInverse));
  return s.b + (tapAt(t, s).w + k - t * s.run) * s.bStride;
}`,
  outRow: `
fn outRow(i: u32, s: Slice) -> u32 {
  let place = placeAt(i, s);
  let y = place.y * s.outStep + s.outTop;
  let x = place.z * s.outStep + s.outLeft;
  return s.out + ((place.x * s.outHeight + y) * s.outWidth + x) * s.columns;
}`,
};

/**
 * Addressing of a convolution: INPUT covers FORWARD, at a few more numbers per tap, and sharing it saves pipelines on CPU
 * adapters, whose drivers compile slowly.
 */
export function forwardAddressing(strategy: GemmStrategy): GemmAddressing {
  return strategy.kind === 'subgroup' ? INPUT : FORWARD;
}

/** The grid of INPUT's result where its rows are dense. */
export function denseGrid(height: number, width: number): GemmShared {
  return { outHeight: height, outWidth: width, outStep: 1 };
}

/** The other way round: rows are elements of the window, depths its positions. */
export const FILTER: GemmAddressing = {
  tap: TAP,
  parts: `${WINDOWS}
fn rowPart(i: u32, s: Slice) -> vec3u { return tap(i, s); }
fn depthPart(k: u32, s: Slice) -> vec3u { return position(k, s); }`,
  rowsAdjacent: true,
};

/** A tap for the table: the pixel at (y, x) and the row of B that belongs to its first channel. */
export function tapWords(y: number, x: number, width: number, channels: number, row: number): number[] {
  return [((y * width + x) * channels) >>> 0, ((y << 16) | (x & 0xffff)) >>> 0, row];
}

import { floatBits, headNumber, WGSL_DIVIDE, type Kernel } from '../kernel.ts';

/** Images [images, height, width, channels]. */
export interface PoolShape {
  readonly images: number;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

const THREADS = 64;
/** Maximum workgroups in x; more continue in y. */
const GROUPS = 16384;
const TAPS = 9;

const FIELDS = ['count', 'height', 'width', 'channels', 'outHeight', 'outWidth', 'taps', 'op0', 'op1', 'op2'] as const;

/** WGSL for 1 / outHeight, outWidth or channels. */
const inverse = (dimension: number): string => `bitcast<f32>(${headNumber(FIELDS.length + dimension)})`;

/** WGSL: `Place` is the window of a thread, and its channel. */
const HELPERS = `${WGSL_DIVIDE}
struct Pool { ${FIELDS.map((field) => `${field}: u32`).join(', ')} }
struct Place { image: u32, row: u32, column: u32, channel: u32 }
fn pool() -> Pool { return Pool(${FIELDS.map((_, index) => headNumber(index)).join(', ')}); }
fn placeOf(index: u32, s: Pool) -> Place {
  let window = divide(index, s.channels, ${inverse(2)});
  let line = divide(window, s.outWidth, ${inverse(1)});
  let image = divide(line, s.outHeight, ${inverse(0)});
  return Place(image, line - image * s.outHeight, window - line * s.outWidth, index - window * s.channels);
}
@compute @workgroup_size(${THREADS})
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) thread: u32) {
  let s = pool();
  let index = (group.y * ${GROUPS}u + group.x) * ${THREADS}u + thread;
  if (index < s.count) { compute(index, s); }
}`;

/**
 * 3×3, stride 2, padding 1. Operands [x, y, winner]: x [images, height, width, channels] → the largest of each window and
 * its place there, 0 … 8 row by row; both [images, ⌈height/2⌉, ⌈width/2⌉, channels]. The first of equal values wins, as
 * in PyTorch, and padding never. `aligned`: channels and all offsets are multiples of 4.
 */
export function maxPoolKernel(shape: PoolShape, aligned: boolean): Kernel {
  const none = aligned ? 'vec4<bool>' : 'bool';
  return poolKernel(
    'maxPool',
    shape,
    aligned,
    ([x, y, winner]) => `
fn compute(index: u32, s: Pool) {
  let at = placeOf(index, s);
  var best = V();
  var place = V();
  var found = false;
  for (var tap = 0u; tap < s.taps; tap++) {
    // Wraps around above and left of the image.
    let row = at.row * 2u + tap / 3u - 1u;
    let column = at.column * 2u + tap % 3u - 1u;
    if (row >= s.height || column >= s.width) { continue; }
    let value = ${x}[s.op0 + ((at.image * s.height + row) * s.width + column) * s.channels + at.channel];
    let wins = (value > best) | ${none}(!found);
    best = select(best, value, wins);
    place = select(place, V(f32(tap)), wins);
    found = true;
  }
  ${y}[s.op1 + index] = best;
  ${winner}[s.op2 + index] = place;
}`,
  );
}

/**
 * Operands [dy, winner, dx]: the gradient of `maxPoolKernel`. Every pixel of dx [images, height, width, channels] adds up
 * the windows that it won, always in the same order. A thread computes the four pixels in the middle of a window and
 * beside it, which lie in no other windows than that one and the three after it.
 */
export function maxPoolInputKernel(shape: PoolShape, aligned: boolean): Kernel {
  return poolKernel(
    'maxPoolInput',
    shape,
    aligned,
    ([dy, winner, dx]) => `
struct Window { gradient: V, winner: V }
fn windowAt(row: u32, column: u32, at: Place, s: Pool) -> Window {
  let inside = row < s.outHeight && column < s.outWidth;
  let line = at.image * s.outHeight + min(row, s.outHeight - 1u);
  let window = (line * s.outWidth + min(column, s.outWidth - 1u)) * s.channels + at.channel;
  return Window(${dy}[s.op0 + window], select(V(-1), ${winner}[s.op1 + window], inside));
}
fn given(window: Window, place: f32) -> V { return select(V(), window.gradient, window.winner == V(place)); }
fn compute(index: u32, s: Pool) {
  let at = placeOf(index, s);
  let here = windowAt(at.row, at.column, at, s);
  let right = windowAt(at.row, at.column + 1u, at, s);
  let below = windowAt(at.row + 1u, at.column, at, s);
  let beyond = windowAt(at.row + 1u, at.column + 1u, at, s);
  let line = at.row * 2u + at.image * s.height;
  let pixel = s.op2 + (line * s.width + at.column * 2u) * s.channels + at.channel;
  let next = pixel + s.width * s.channels;
  let isWide = at.column * 2u + 1u < s.width;
  let isHigh = at.row * 2u + 1u < s.height;
  ${dx}[pixel] = given(here, 4);
  if (isWide) { ${dx}[pixel + s.channels] = given(here, 5) + given(right, 3); }
  if (isHigh) { ${dx}[next] = given(here, 7) + given(below, 1); }
  if (isWide && isHigh) {
    ${dx}[next + s.channels] = given(here, 8) + given(right, 6) + given(below, 2) + given(beyond, 0);
  }
}`,
  );
}

/** One thread for each window and channel; `compute` declares `compute(index, s)`. */
function poolKernel(
  name: string,
  { images, height, width, channels }: PoolShape,
  aligned: boolean,
  compute: (arrays: readonly string[]) => string,
): Kernel {
  const vector = aligned ? 4 : 1;
  const element = aligned ? 'vec4f' : 'f32';
  const [outHeight, outWidth] = [Math.ceil(height / 2), Math.ceil(width / 2)];
  const count = (images * outHeight * outWidth * channels) / vector;
  const groups = Math.ceil(count / THREADS);
  return {
    name,
    element,
    flop: count * vector * TAPS,
    workgroups: [Math.min(groups, GROUPS), Math.ceil(groups / GROUPS), 1],
    code: (arrays) => `alias V = ${element};${HELPERS}${compute(arrays)}`,
    table: (offsets) => [
      ...[count, height, width, channels / vector, outHeight, outWidth, TAPS],
      ...offsets.map((offset) => offset / vector),
      ...[outHeight, outWidth, channels / vector].map((value) => floatBits(1 / value)),
    ],
  };
}

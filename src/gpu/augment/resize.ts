import type { Kernel } from '../kernel.ts';
import type { PlannedView } from './plan.ts';
import type { TapPlace } from './taps.ts';
import { viewKernel, type ViewProgram } from './viewKernel.ts';

/**
 * Bicubic resizing in two passes with 8 bits between them, in the integer arithmetic of Pillow (Resample.c). For every
 * output position taps hold: first input, number of inputs, then their weights in units of 2^−22; `entry` words in all.
 */
const LEVELS = `
const HALF = vec3i(2097152);
fn levels(sum: vec3i) -> vec3i { return clamp(sum >> vec3u(22u), vec3i(0), vec3i(255)); }
`;

/** Four rows of one column per invocation, so that a weight is read once for four pixels: box height × size pixels. */
const ROWS: ViewProgram<'size' | 'pitch', 'source' | 'sourcePitch' | 'height' | 'taps' | 'entry' | 'rows'> = {
  name: 'augment rows',
  elements: ['u32', 'u32', 'u32'],
  workgroup: [32, 2],
  shared: ['size', 'pitch'],
  fields: ['source', 'sourcePitch', 'height', 'taps', 'entry', 'rows'],
  code: ([taps, images, rows], { size, pitch }, field) => `${LEVELS}
@compute @workgroup_size(WORKGROUP_X, WORKGROUP_Y)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(workgroup_id) group: vec3u) {
  let row = rowOf(group.z);
  let height = ${field.height};
  let x = id.x;
  let y = id.y * 4u;
  if (x >= ${size} || y >= height) { return; }
  let last = height - 1u;
  let entry = ${field.taps} + x * ${field.entry};
  let start = ${field.source} + ${taps}[entry];
  let at = vec4u(start) + min(vec4u(y, y + 1u, y + 2u, y + 3u), vec4u(last)) * ${field.sourcePitch};
  let count = ${taps}[entry + 1u];
  var a = HALF;
  var b = HALF;
  var c = HALF;
  var e = HALF;
  for (var tap = 0u; tap < count; tap++) {
    let weight = i32(${taps}[entry + 2u + tap]);
    a += weight * channels(${images}[at.x + tap]);
    b += weight * channels(${images}[at.y + tap]);
    c += weight * channels(${images}[at.z + tap]);
    e += weight * channels(${images}[at.w + tap]);
  }
  let pitch = ${pitch};
  let to = ${field.rows} + y * pitch + x;
  ${rows}[to] = pixelOf(levels(a));
  if (y + 1u < height) { ${rows}[to + pitch] = pixelOf(levels(b)); }
  if (y + 2u < height) { ${rows}[to + 2u * pitch] = pixelOf(levels(c)); }
  if (y + 3u < height) { ${rows}[to + 3u * pitch] = pixelOf(levels(e)); }
}`,
};

/** Four columns of one row per invocation; mirrored where the view is flipped. */
const COLUMNS: ViewProgram<'size' | 'pitch', 'rows' | 'taps' | 'entry' | 'pixels' | 'flip'> = {
  name: 'augment columns',
  elements: ['u32', 'vec4u', 'u32'],
  workgroup: [8, 8],
  shared: ['size', 'pitch'],
  fields: ['rows', 'taps', 'entry', 'pixels', 'flip'],
  code: ([taps, rows, views], { size, pitch }, field) => `${LEVELS}
@compute @workgroup_size(WORKGROUP_X, WORKGROUP_Y)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(workgroup_id) group: vec3u) {
  let row = rowOf(group.z);
  let size = ${size};
  let x = id.x * 4u;
  let y = id.y;
  if (x >= size || y >= size) { return; }
  let entry = ${field.taps} + y * ${field.entry};
  let pitch = ${pitch} / 4u;
  var at = ${field.rows} / 4u + ${taps}[entry] * pitch + id.x;
  let count = ${taps}[entry + 1u];
  var a = HALF;
  var b = HALF;
  var c = HALF;
  var e = HALF;
  for (var tap = 0u; tap < count; tap++) {
    let weight = i32(${taps}[entry + 2u + tap]);
    let four = ${rows}[at];
    a += weight * channels(four.x);
    b += weight * channels(four.y);
    c += weight * channels(four.z);
    e += weight * channels(four.w);
    at += pitch;
  }
  // Steps of −1 wrap around in u32 and come out right.
  let flip = ${field.flip} != 0u;
  let step = select(1u, 0xffffffffu, flip);
  let to = ${field.pixels} + y * size + select(x, size - 1u - x, flip);
  ${views}[to] = pixelOf(levels(a));
  if (x + 1u < size) { ${views}[to + step] = pixelOf(levels(b)); }
  if (x + 2u < size) { ${views}[to + 2u * step] = pixelOf(levels(c)); }
  if (x + 3u < size) { ${views}[to + 3u * step] = pixelOf(levels(e)); }
}`,
};

/** A view, and the offset of its rows between the two passes, in words. */
interface ResizedView extends PlannedView {
  readonly view: number;
  readonly place: number;
}

/** Words of a row of resized pixels: whole groups of four. */
export const rowPitch = (size: number): number => Math.ceil(size / 4) * 4;

/**
 * Across: boxes of at most `maxHeight` rows, of one page of images, to `size` columns. Operands [taps, images, rows].
 */
export function resizeRowsKernel(
  size: number,
  maxHeight: number,
  resized: readonly ResizedView[],
  places: ReadonlyMap<number, TapPlace>,
): Kernel {
  return viewKernel(ROWS, {
    items: [size, maxHeight / 4],
    views: resized,
    shared: () => ({ size, pitch: rowPitch(size) }),
    fields: ({ recipe: { box }, image, place }, [taps, images, rows]) => ({
      source: images + image.offset + box.top * image.width + box.left,
      sourcePitch: image.width,
      height: box.height,
      rows: rows + place,
      ...tapFields(places, box.width, taps),
    }),
  });
}

/** Down: from those rows to views of size × size pixels. Operands [taps, rows, views]. */
export function resizeColumnsKernel(
  size: number,
  resized: readonly ResizedView[],
  places: ReadonlyMap<number, TapPlace>,
): Kernel {
  return viewKernel(COLUMNS, {
    items: [size / 4, size],
    views: resized,
    shared: () => ({ size, pitch: rowPitch(size) }),
    fields: ({ recipe: { box, flip }, view, place }, [taps, rows, views]) => ({
      rows: rows + place,
      pixels: views + view * size * size,
      flip: Number(flip),
      ...tapFields(places, box.height, taps),
    }),
  });
}

function tapFields(
  places: ReadonlyMap<number, TapPlace>,
  inputSize: number,
  begin: number,
): { readonly taps: number; readonly entry: number } {
  const place = places.get(inputSize);
  if (!place) throw new Error(`no filter weights for a crop side of ${inputSize}`);
  return { taps: begin + place.offset, entry: place.stride + 2 };
}

import type { AugmentKernel } from './kernel.ts';

/**
 * Bicubic resizing in two passes with 8 bits between them, in the integer arithmetic of Pillow (Resample.c). `taps`
 * holds for every output position: first input, number of inputs, then their weights in units of 2^−22.
 */
const LEVELS = `
const HALF = vec3i(2097152);
fn levels(sum: vec3i) -> vec3i { return clamp(sum >> vec3u(22u), vec3i(0), vec3i(255)); }
`;

/** Four rows of one column a work item, so that a weight is read once for four pixels: box height × size pixels. */
export const ROWS_KERNEL: AugmentKernel = {
  name: 'augment rows',
  bindings: ['read', 'read', 'write'],
  workgroup: [32, 2],
  code: `${LEVELS}
@group(0) @binding(2) var<storage, read> taps: array<u32>;
@group(0) @binding(3) var<storage, read> images: array<u32>;
@group(0) @binding(4) var<storage, read_write> rows: array<u32>;
@compute @workgroup_size(WORKGROUP_X, WORKGROUP_Y)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(workgroup_id) group: vec3u) {
  let view = plan[d.first + group.z];
  let height = field(view, HEIGHT);
  let x = id.x;
  let y = id.y * 4u;
  if (x >= d.size || y >= height) { return; }
  let last = height - 1u;
  let pitch = field(view, SOURCE_PITCH);
  let entry = field(view, X_TAPS) + x * (field(view, X_STRIDE) + 2u);
  let start = field(view, SOURCE) + taps[entry];
  let at = vec4u(start) + min(vec4u(y, y + 1u, y + 2u, y + 3u), vec4u(last)) * pitch;
  let count = taps[entry + 1u];
  var a = HALF;
  var b = HALF;
  var c = HALF;
  var e = HALF;
  for (var tap = 0u; tap < count; tap++) {
    let weight = i32(taps[entry + 2u + tap]);
    a += weight * channels(images[at.x + tap]);
    b += weight * channels(images[at.y + tap]);
    c += weight * channels(images[at.z + tap]);
    e += weight * channels(images[at.w + tap]);
  }
  let target0 = field(view, ROWS) + y * d.pitch + x;
  rows[target0] = pixelOf(levels(a));
  if (y + 1u < height) { rows[target0 + d.pitch] = pixelOf(levels(b)); }
  if (y + 2u < height) { rows[target0 + 2u * d.pitch] = pixelOf(levels(c)); }
  if (y + 3u < height) { rows[target0 + 3u * d.pitch] = pixelOf(levels(e)); }
}`,
};

/** Four columns of one row a work item; mirrored where the view is flipped. Views × size × size pixels. */
export const COLUMNS_KERNEL: AugmentKernel = {
  name: 'augment columns',
  bindings: ['read', 'read', 'write'],
  workgroup: [8, 8],
  code: `${LEVELS}
@group(0) @binding(2) var<storage, read> taps: array<u32>;
@group(0) @binding(3) var<storage, read> rows: array<vec4u>;
@group(0) @binding(4) var<storage, read_write> views: array<u32>;
@compute @workgroup_size(WORKGROUP_X, WORKGROUP_Y)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(workgroup_id) group: vec3u) {
  let view = plan[d.first + group.z];
  let x = id.x * 4u;
  let y = id.y;
  if (x >= d.size || y >= d.size) { return; }
  let entry = field(view, Y_TAPS) + y * (field(view, Y_STRIDE) + 2u);
  let pitch = d.pitch / 4u;
  var at = field(view, ROWS) / 4u + taps[entry] * pitch + id.x;
  let count = taps[entry + 1u];
  var a = HALF;
  var b = HALF;
  var c = HALF;
  var e = HALF;
  for (var tap = 0u; tap < count; tap++) {
    let weight = i32(taps[entry + 2u + tap]);
    let four = rows[at];
    a += weight * channels(four.x);
    b += weight * channels(four.y);
    c += weight * channels(four.z);
    e += weight * channels(four.w);
    at += pitch;
  }
  let line = view * d.size * d.size + y * d.size;
  // Steps of −1 wrap around in u32 and come out right.
  let flip = field(view, FLIP) != 0u;
  let step = select(1u, 0xffffffffu, flip);
  let target0 = line + select(x, d.size - 1u - x, flip);
  views[target0] = pixelOf(levels(a));
  if (x + 1u < d.size) { views[target0 + step] = pixelOf(levels(b)); }
  if (x + 2u < d.size) { views[target0 + 2u * step] = pixelOf(levels(c)); }
  if (x + 3u < d.size) { views[target0 + 3u * step] = pixelOf(levels(e)); }
}`,
};

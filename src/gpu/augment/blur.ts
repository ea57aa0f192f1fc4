import type { AugmentKernel } from './kernel.ts';

/** Pixels of a line that one work item runs a window over. */
export const BLUR_STRIP = 16;

/** The widest window whose sums fit 16 bits. */
export const MAX_BLUR_RADIUS = 127;

/**
 * One pass of the extended box along rows or columns of the listed views (`step` between neighbors, `lineStep` between
 * lines), 8 bits in and out; borders repeat. Red and blue are summed in the halves of one word.
 */
export const BLUR_KERNEL: AugmentKernel = {
  name: 'augment blur',
  bindings: ['read', 'write'],
  workgroup: [64, 1],
  code: `
@group(0) @binding(2) var<storage, read> before: array<u32>;
@group(0) @binding(3) var<storage, read_write> blurred: array<u32>;
fn split(pixel: u32) -> vec2u { return vec2u(pixel & 0xff00ffu, (pixel >> 8u) & 255u); }
@compute @workgroup_size(WORKGROUP_X)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(workgroup_id) group: vec3u) {
  let view = plan[d.first + group.z];
  let begin = id.y * ${BLUR_STRIP}u;
  if (id.x >= d.size || begin >= d.size) { return; }
  let line = view * d.size * d.size + id.x * d.lineStep;
  let last = i32(d.size) - 1;
  let radius = i32(field(view, RADIUS));
  let inner = field(view, INNER_WEIGHT);
  let outer = field(view, OUTER_WEIGHT);
  let first = i32(begin);
  var sum = vec2u(0u);
  for (var x = first - radius; x <= first + radius; x++) {
    sum += split(before[line + u32(clamp(x, 0, last)) * d.step]);
  }
  var left = split(before[line + u32(max(first - radius - 1, 0)) * d.step]);
  let end = min(first + ${BLUR_STRIP}, i32(d.size));
  for (var x = first; x < end; x++) {
    let right = split(before[line + u32(min(x + radius + 1, last)) * d.step]);
    let ends = left + right;
    let red = ((sum.x & 0xffffu) * inner + (ends.x & 0xffffu) * outer + 8388608u) >> 24u;
    let green = (sum.y * inner + ends.y * outer + 8388608u) >> 24u;
    let blue = ((sum.x >> 16u) * inner + (ends.x >> 16u) * outer + 8388608u) >> 24u;
    blurred[line + u32(x) * d.step] = red | (green << 8u) | (blue << 16u);
    left = split(before[line + u32(max(x - radius, 0)) * d.step]);
    sum += right - left;
  }
}`,
};

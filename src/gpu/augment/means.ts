import type { Kernel } from '../kernel.ts';
import { viewKernel, type ViewProgram } from './viewKernel.ts';

/** A workgroup per view; sums of integers, the same in any order. */
const MEANS: ViewProgram<'count', 'pixels' | 'mean'> = {
  name: 'augment means',
  elements: ['u32', 'u32'],
  workgroup: [64, 1],
  shared: ['count'],
  fields: ['pixels', 'mean'],
  code: ([views, means], { count }, field) => `
var<workgroup> sums: array<u32, WORKGROUP_X>;
@compute @workgroup_size(WORKGROUP_X)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let row = rowOf(group.z);
  let pixels = ${field.pixels};
  let count = ${count};
  var sum = 0u;
  for (var at = lane; at < count; at += u32(WORKGROUP_X)) { sum += u32(luma(channels(${views}[pixels + at]))); }
  sums[lane] = sum;
  workgroupBarrier();
  if (lane != 0u) { return; }
  var total = 0u;
  for (var other = 0u; other < min(u32(WORKGROUP_X), count); other++) { total += sums[other]; }
  ${means}[${field.mean}] = (2u * total + count) / (2u * count);
}`,
};

/** Mean gray of views of `count` pixels, rounded, the operand of contrast. Operands [views, means]. */
export function meansKernel(count: number, listed: readonly number[]): Kernel {
  return viewKernel(MEANS, {
    items: [1, 1],
    views: listed,
    shared: () => ({ count }),
    fields: (view, [views, means]) => ({ pixels: views + view * count, mean: means + view }),
  });
}

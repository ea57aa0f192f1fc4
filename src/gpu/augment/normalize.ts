import type { AugmentKernel } from './kernel.ts';

/** Solarizes the views that want it and writes all as floats, [views,size,size,3] from `offset` on. */
export const NORMALIZE_KERNEL: AugmentKernel = {
  name: 'augment normalize',
  bindings: ['read', 'read', 'write'],
  workgroup: [64, 1],
  code: `
@group(0) @binding(2) var<storage, read> table: array<f32>;
@group(0) @binding(3) var<storage, read> views: array<u32>;
@group(0) @binding(4) var<storage, read_write> crops: array<f32>;
@compute @workgroup_size(WORKGROUP_X)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(workgroup_id) group: vec3u) {
  let count = d.size * d.size;
  if (id.x >= count) { return; }
  let at = group.z * count + id.x;
  var levels = vec3u(channels(views[at]));
  if (field(group.z, SOLARIZE) != 0u) { levels = select(levels, 255u - levels, levels > vec3u(127u)); }
  let place = d.offset + 3u * at;
  crops[place] = table[3u * levels.x];
  crops[place + 1u] = table[3u * levels.y + 1u];
  crops[place + 2u] = table[3u * levels.z + 2u];
}`,
};

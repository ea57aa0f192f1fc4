import type { Kernel } from '../kernel.ts';
import { viewKernel, type ViewProgram } from './viewKernel.ts';

/** Bits of floats go from the levels to the crops as they are. */
const NORMALIZE: ViewProgram<'count' | 'levels', 'pixels' | 'crop' | 'solarize'> = {
  name: 'augment normalize',
  elements: ['u32', 'u32', 'u32'],
  workgroup: [64, 1],
  shared: ['count', 'levels'],
  fields: ['pixels', 'crop', 'solarize'],
  code: ([floats, views, crops], { count, levels }, field) => `
@compute @workgroup_size(WORKGROUP_X)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(workgroup_id) group: vec3u) {
  if (id.x >= ${count}) { return; }
  let row = rowOf(group.z);
  var pixel = vec3u(channels(${views}[${field.pixels} + id.x]));
  if (${field.solarize} != 0u) { pixel = select(pixel, 255u - pixel, pixel > vec3u(127u)); }
  let place = ${field.crop} + 3u * id.x;
  ${crops}[place] = ${floats}[${levels} + 3u * pixel.x];
  ${crops}[place + 1u] = ${floats}[${levels} + 3u * pixel.y + 1u];
  ${crops}[place + 2u] = ${floats}[${levels} + 3u * pixel.z + 2u];
}`,
};

/**
 * Solarizes the views that are to be and writes all as floats [views,size,size,3], `count` pixels each. Operands [levels,
 * views, crops]; levels hold the float of each 8-bit level in each channel, [256,3].
 */
export function normalizeKernel(count: number, solarized: readonly boolean[]): Kernel {
  return viewKernel(NORMALIZE, {
    items: [count, 1],
    views: solarized.map((solarize, view) => ({ solarize, view })),
    shared: ([levels]) => ({ count, levels }),
    fields: ({ solarize, view }, [, views, crops]) => ({
      pixels: views + view * count,
      crop: crops + 3 * view * count,
      solarize: Number(solarize),
    }),
  });
}

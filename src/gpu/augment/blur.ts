import { extendedBox, type ExtendedBox } from '../../lib/extendedBox.ts';
import type { Kernel } from '../kernel.ts';
import { viewKernel, type ViewProgram } from './viewKernel.ts';

/** Pixels of a line that one invocation moves a window over. */
const STRIP = 16;

/** Radius of the widest window whose sums fit 16 bits. */
const MAX_RADIUS = 127;

/**
 * One pass of the extended box along rows or columns (`step` between neighbors, `lineStep` between lines), 8 bits in
 * and out; borders repeat. Red and blue are summed in the halves of one word.
 */
const BLUR: ViewProgram<'size' | 'step' | 'lineStep', 'before' | 'blurred' | 'radius' | 'innerWeight' | 'outerWeight'> =
  {
    name: 'augment blur',
    elements: ['u32', 'u32'],
    workgroup: [64, 1],
    shared: ['size', 'step', 'lineStep'],
    fields: ['before', 'blurred', 'radius', 'innerWeight', 'outerWeight'],
    code: ([before, blurred], { size, step, lineStep }, field) => `
fn split(pixel: u32) -> vec2u { return vec2u(pixel & 0xff00ffu, (pixel >> 8u) & 255u); }
@compute @workgroup_size(WORKGROUP_X)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(workgroup_id) group: vec3u) {
  let row = rowOf(group.z);
  let begin = id.y * ${STRIP}u;
  if (id.x >= ${size} || begin >= ${size}) { return; }
  let source = ${field.before} + id.x * ${lineStep};
  let goal = ${field.blurred} + id.x * ${lineStep};
  let last = i32(${size}) - 1;
  let radius = i32(${field.radius});
  let inner = ${field.innerWeight};
  let outer = ${field.outerWeight};
  let first = i32(begin);
  var sum = vec2u(0u);
  for (var x = first - radius; x <= first + radius; x++) {
    sum += split(${before}[source + u32(clamp(x, 0, last)) * ${step}]);
  }
  var left = split(${before}[source + u32(max(first - radius - 1, 0)) * ${step}]);
  let end = min(first + ${STRIP}, i32(${size}));
  for (var x = first; x < end; x++) {
    let right = split(${before}[source + u32(min(x + radius + 1, last)) * ${step}]);
    let ends = left + right;
    let red = ((sum.x & 0xffffu) * inner + (ends.x & 0xffffu) * outer + 8388608u) >> 24u;
    let green = (sum.y * inner + ends.y * outer + 8388608u) >> 24u;
    let blue = ((sum.x >> 16u) * inner + (ends.x >> 16u) * outer + 8388608u) >> 24u;
    ${blurred}[goal + u32(x) * ${step}] = red | (green << 8u) | (blue << 16u);
    left = split(${before}[source + u32(max(x - radius, 0)) * ${step}]);
    sum += right - left;
  }
}`,
  };

interface BlurredView {
  readonly view: number;
  readonly box: ExtendedBox;
}

/** One pass over views of size × size pixels; operands [before, blurred]. */
export function blurKernel(size: number, axis: 'rows' | 'columns', views: readonly BlurredView[]): Kernel {
  const area = size * size;
  return viewKernel(BLUR, {
    items: [size, Math.ceil(size / STRIP)],
    views,
    shared: () => ({ size, step: axis === 'rows' ? 1 : size, lineStep: axis === 'rows' ? size : 1 }),
    fields: ({ view, box }, [before, blurred]) => ({
      before: before + view * area,
      blurred: blurred + view * area,
      ...box,
    }),
  });
}

/** Undefined where the blur changes nothing. Throws RangeError for a `sigma` (in pixels) that is too large. */
export function blurBox(sigma: number): ExtendedBox | undefined {
  const box = extendedBox(sigma);
  if (box.radius > MAX_RADIUS) throw new RangeError(`a blur of ${sigma} px is too wide`);
  return box.radius === 0 && box.outerWeight === 0 ? undefined : box;
}

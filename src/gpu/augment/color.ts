import { type AugmentKernel, ORIGINS } from './kernel.ts';

/**
 * The mean gray of every listed view, rounded: what contrast blends with. A workgroup a view; sums of integers, the
 * same in any order.
 */
export const MEANS_KERNEL: AugmentKernel = {
  name: 'augment means',
  bindings: ['read', 'write'],
  workgroup: [64, 1],
  code: `
@group(0) @binding(2) var<storage, read> views: array<u32>;
@group(0) @binding(3) var<storage, read_write> means: array<u32>;
var<workgroup> sums: array<u32, WORKGROUP_X>;
@compute @workgroup_size(WORKGROUP_X)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let view = plan[d.first + group.z];
  let count = d.size * d.size;
  var sum = 0u;
  for (var at = lane; at < count; at += u32(WORKGROUP_X)) { sum += u32(luma(channels(views[view * count + at]))); }
  sums[lane] = sum;
  workgroupBarrier();
  if (lane != 0u) { return; }
  var total = 0u;
  for (var other = 0u; other < min(u32(WORKGROUP_X), count); other++) { total += sums[other]; }
  means[view] = (2u * total + count) / (2u * count);
}`,
};

/**
 * 8-bit HSV, to the bit what Pillow's 32-bit floats make of it, in whole numbers that floats hold exactly: quotients of
 * those, with a half added above, are far enough from the next whole number for any division that WGSL allows.
 */
const TURN = `
// 255 a turn; exact, but for the hues that 32-bit floats put just below a whole step.
fn hueOf(levels: vec3f, value: f32, chroma: f32) -> i32 {
  let fromRed = levels.y - levels.z;
  var sixths = select(4.0 * chroma + levels.x - levels.y, 2.0 * chroma + levels.z - levels.x, levels.y == value);
  sixths = select(sixths, select(fromRed, 6.0 * chroma + fromRed, fromRed < 0.0), levels.x == value);
  let hue = floor((85.0 * sixths + 0.5) / (2.0 * chroma));
  let whole = hue * 2.0 * chroma == 85.0 * sixths;
  let number = i32(hue);
  let short = (plan[number >> 5u] >> (u32(number) & 31u)) & 1u;
  return number - select(0, i32(short), whole);
}

fn turned(levels: vec3f, shift: u32) -> vec3f {
  let value = max(levels.x, max(levels.y, levels.z));
  let chroma = value - min(levels.x, min(levels.y, levels.z));
  let saturation = floor((255.0 * chroma + 0.5) / max(value, 1.0));
  let hue = f32((hueOf(levels, value, max(chroma, 1.0)) + i32(shift)) & 255);
  let sector = floor((2.0 * hue + 0.5) * (1.0 / 85.0));
  let along = 2.0 * hue - 85.0 * sector;
  let low = value - floor((2.0 * value * saturation + 255.0) * (1.0 / 510.0));
  // Rises through an even sector, falls through an odd one.
  let odd = sector == 1.0 || sector == 3.0 || sector == 5.0;
  let part = select(85.0 - along, along, odd);
  // value · saturation/255 · part/85, rounded; never a half.
  let numerator = 2.0 * value * saturation * part + 21675.0;
  var drop = floor(numerator * (1.0 / 43350.0));
  let rest = numerator - 43350.0 * drop;
  drop += select(0.0, 1.0, rest >= 43350.0) - select(0.0, 1.0, rest < 0.0);
  // Green is where red was two sectors ago, blue four.
  var place = sector + vec3f(0.0, 4.0, 2.0);
  place = abs(select(place, place - 6.0, place >= vec3f(6.0)) - 2.5);
  let between = select(vec3f(low), vec3f(value - drop), place > vec3f(1.0));
  return select(levels, select(between, vec3f(value), place > vec3f(2.0)), chroma > 0.0);
}
`;

/**
 * A stage of the color operations of every listed view, in place: stage 0 are those before contrast, stage 1 contrast
 * and what follows. With or without the turn of hue between them: vector units of CPUs run through code that no pixel
 * wants. Blends are rounded as in Pillow.
 */
const colorKernel = (withHue: boolean): AugmentKernel => ({
  name: withHue ? 'augment colors with hue' : 'augment colors',
  bindings: ['read', 'write'],
  workgroup: [64, 1],
  code: `${withHue ? TURN : ''}
@group(0) @binding(2) var<storage, read> means: array<u32>;
@group(0) @binding(3) var<storage, read_write> views: array<u32>;

fn gray(levels: vec3f) -> f32 {
  return floor((dot(levels, vec3f(19595.0, 38470.0, 7471.0)) + 32768.0) * (1.0 / 65536.0));
}

fn blends(start: vec3f, view: u32, first: u32, end: u32, mean: f32) -> vec3f {
  var levels = start;
  for (var step = first; step < end; step++) {
    let kind = field(view, STEP_PAIRS + 2u * step);
    let alpha = bitcast<f32>(field(view, STEP_PAIRS + 2u * step + 1u));
    let origin = select(select(0.0, mean, kind == ${ORIGINS.mean}u), gray(levels), kind == ${ORIGINS.gray}u);
    let product = alpha * (levels - origin);
    // Rounded here: through integers no compiler fuses it with the addition.
    let rounded = bitcast<vec3f>(bitcast<vec3u>(product) | vec3u(d.zero));
    levels = floor(clamp(origin + rounded, vec3f(0.0), vec3f(255.0)));
  }
  return levels;
}

@compute @workgroup_size(WORKGROUP_X)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(workgroup_id) group: vec3u) {
  let view = plan[d.first + group.z];
  let count = d.size * d.size;
  if (id.x >= count) { return; }
  let at = view * count + id.x;
  let stage = d.stage * 3u;
  let hue = field(view, HUE0 + stage);
  let mean = f32(means[view]);
  var levels = blends(vec3f(channels(views[at])), view, field(view, BEGIN0 + stage), hue, mean);
  ${withHue ? 'levels = turned(levels, field(view, STEP_PAIRS + 2u * hue + 1u));' : ''}
  levels = blends(levels, view, hue${withHue ? ' + 1u' : ''}, field(view, END0 + stage), mean);
  views[at] = pixelOf(vec3i(levels));
}`,
});

export const COLOR_KERNEL: AugmentKernel = colorKernel(false);
export const HUE_KERNEL: AugmentKernel = colorKernel(true);

/**
 * One bit for every 8-bit hue: whether colors exactly on that step come out one lower, because Pillow's 32-bit floats
 * fall short of it. Which do depends on the hue alone, so a chroma of 85, which reaches every step, speaks for all.
 */
export function hueShortfalls(): Uint32Array {
  const words = new Uint32Array(8);
  for (let hue = 0; hue < 255; hue++) {
    // The nearest of red (0 and 6), green (2) and blue (4), and how far beyond it.
    const primary = 2 * Math.round(hue / 85);
    const beyond = 2 * hue - 85 * primary;
    const along = Math.fround((85 - Math.abs(beyond)) / 85);
    const sixths = (primary % 6) + (beyond < 0 ? along - 1 : 1 - along);
    const counted = Math.trunc(Math.fround((Math.fround(sixths) / 6 + 1) % 1) * 255);
    if (counted < hue) words[hue >> 5] |= 1 << (hue & 31);
  }
  return words;
}

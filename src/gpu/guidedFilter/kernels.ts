import { floatBits, headNumber, type Kernel } from '../kernel.ts';

/** Sizes of one pass of the guided filter: some prototypes of an image. */
export interface FilterShape {
  readonly width: number;
  readonly height: number;
  readonly rows: number;
  readonly columns: number;
  readonly prototypes: number;
  /** The prototypes of this pass. */
  readonly first: number;
  readonly count: number;
}

const GROUP = 64;

/**
 * Products whose means the filter needs: planes [2 + 2·count,height,width] of the gray, its square, and for each
 * prototype its assignment (softmax of the upsampled dots) and that times the gray. Operands [dots, gray, planes].
 */
export function productsKernel(shape: FilterShape, temperature: number): Kernel {
  const { width, height, rows, columns, prototypes, first, count } = shape;
  const [W, H, R, C, K, FIRST, COUNT, T, DOTS, GRAY, PLANES] = Array.from({ length: 11 }, (_, at) => headNumber(at));
  return {
    name: 'guided filter products',
    element: 'f32',
    code: ([dots, gray, planes]) => `
struct Place { before: u32, after: u32, weight: f32 }
fn placeOf(pixel: u32, pixels: u32, cells: u32) -> Place {
  let position = clamp((f32(pixel) + 0.5) * f32(cells) / f32(pixels) - 0.5, 0.0, f32(cells - 1u));
  let before = u32(position);
  return Place(before, min(before + 1u, cells - 1u), position - f32(before));
}
fn dotAt(row: u32, column: u32, k: u32) -> f32 { return ${dots}[${DOTS} + (row * ${C} + column) * ${K} + k]; }
fn assigned(down: Place, across: Place, k: u32) -> f32 {
  let above = mix(dotAt(down.before, across.before, k), dotAt(down.before, across.after, k), across.weight);
  let below = mix(dotAt(down.after, across.before, k), dotAt(down.after, across.after, k), across.weight);
  return exp((mix(above, below, down.weight) - 1.0) / bitcast<f32>(${T}));
}
@compute @workgroup_size(${GROUP})
fn main(@builtin(global_invocation_id) id: vec3u) {
  let pixels = ${W} * ${H};
  if (id.x >= pixels) { return; }
  let y = id.x / ${W};
  let down = placeOf(y, ${H}, ${R});
  let across = placeOf(id.x - y * ${W}, ${W}, ${C});
  var sum = 0.0;
  for (var k = 0u; k < ${K}; k++) { sum += assigned(down, across, k); }
  let value = ${gray}[${GRAY} + id.x];
  var place = ${PLANES} + id.x;
  ${planes}[place] = value;
  ${planes}[place + pixels] = value * value;
  for (var k = 0u; k < ${COUNT}; k++) {
    place += 2u * pixels;
    let own = assigned(down, across, ${FIRST} + k) / sum;
    ${planes}[place] = own;
    ${planes}[place + pixels] = own * value;
  }
}`,
    table: (offsets) => [width, height, rows, columns, prototypes, first, count, floatBits(temperature), ...offsets],
    workgroups: [Math.ceil((width * height) / GROUP), 1, 1],
    flop: width * height * (prototypes + count) * 12,
  };
}

/** Pixels of a line that one invocation moves its window over: few enough that rounding errors don't add up. */
const STRIP = 32;

/** Means over windows along rows or columns, as far as they lie in the image. Operands [source, target], planes each. */
export function boxMeanKernel(
  { width, height }: Pick<FilterShape, 'width' | 'height'>,
  planes: number,
  axis: 'rows' | 'columns',
  radius: number,
): Kernel {
  const [length, step, lines, lineStep] = axis === 'rows' ? [width, 1, height, width] : [height, width, width, 1];
  const [LENGTH, STEP, LINES, LINE_STEP, RADIUS, SOURCE, TARGET] = Array.from({ length: 7 }, (_, at) => headNumber(at));
  return {
    name: 'guided filter means',
    element: 'f32',
    code: ([source, target]) => `
@compute @workgroup_size(${GROUP})
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= ${LINES}) { return; }
  let start = id.z * ${LENGTH} * ${LINES} + id.x * ${LINE_STEP};
  let radius = i32(${RADIUS});
  let last = i32(${LENGTH}) - 1;
  let first = i32(id.y * ${STRIP}u);
  var sum = 0.0;
  for (var at = max(0, first - radius); at < min(last + 1, first + radius); at++) {
    sum += ${source}[${SOURCE} + start + u32(at) * ${STEP}];
  }
  for (var at = first; at < min(last + 1, first + ${STRIP}); at++) {
    if (at + radius <= last) { sum += ${source}[${SOURCE} + start + u32(at + radius) * ${STEP}]; }
    let count = min(last, at + radius) - max(0, at - radius) + 1;
    ${target}[${TARGET} + start + u32(at) * ${STEP}] = sum / f32(count);
    if (at >= radius) { sum -= ${source}[${SOURCE} + start + u32(at - radius) * ${STEP}]; }
  }
}`,
    table: (offsets) => [length, step, lines, lineStep, radius, ...offsets],
    workgroups: [Math.ceil(lines / GROUP), Math.ceil(length / STRIP), planes],
    flop: width * height * planes * (2 + (2 * radius) / STRIP),
  };
}

/**
 * Slope and offset of each prototype in the window around each pixel (eq. 5 and 6), from the means of the products.
 * Operands [means, models]: planes [2·count,height,width], a slope and an offset per prototype.
 */
export function modelsKernel({ width, height, count }: FilterShape, epsilon: number): Kernel {
  const [PIXELS, EPSILON, MEANS, MODELS] = Array.from({ length: 4 }, (_, at) => headNumber(at));
  return {
    name: 'guided filter models',
    element: 'f32',
    code: ([means, models]) => `
@compute @workgroup_size(${GROUP})
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= ${PIXELS}) { return; }
  let guide = ${means}[${MEANS} + id.x];
  let variance = ${means}[${MEANS} + ${PIXELS} + id.x] - guide * guide;
  let source = ${MEANS} + (2u + 2u * id.y) * ${PIXELS} + id.x;
  let own = ${means}[source];
  let slope = (${means}[source + ${PIXELS}] - guide * own) / (variance + bitcast<f32>(${EPSILON}));
  let place = ${MODELS} + 2u * id.y * ${PIXELS} + id.x;
  ${models}[place] = slope;
  ${models}[place + ${PIXELS}] = own - slope * guide;
}`,
    table: (offsets) => [width * height, floatBits(epsilon), ...offsets],
    workgroups: [Math.ceil((width * height) / GROUP), count, 1],
    flop: width * height * count * 6,
  };
}

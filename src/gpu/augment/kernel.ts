/**
 * What the kernels of the augmentation share. Pixels are 8-bit RGB in one u32: red lowest, the top byte 0. `d` holds
 * the numbers of a dispatch, `plan` a record for every view and lists of views; a dispatch's z runs over one list.
 */
export interface AugmentKernel {
  readonly name: string;
  /** Storage buffers from binding 2 on. */
  readonly bindings: readonly ('read' | 'write')[];
  /** WGSL below the bindings 0 (`d`) and 1 (`plan`). */
  readonly code: string;
  /** Work items along x and y of one workgroup. */
  readonly workgroup: readonly [number, number];
}

/** Words of `d`, one of each dispatch. */
export const DISPATCH_FIELDS = ['first', 'size', 'pitch', 'offset', 'step', 'lineStep', 'stage', 'zero'] as const;
export type DispatchFields = Readonly<Partial<Record<(typeof DISPATCH_FIELDS)[number], number>>>;

/** Words of a view's record, in this order; then `MAX_STEPS` pairs of origin and factor (of hue, of nothing and shift). */
export const RECORD_FIELDS = [
  'source',
  'sourcePitch',
  'height',
  'rows',
  'xTaps',
  'xStride',
  'yTaps',
  'yStride',
  'flip',
  'begin0',
  'hue0',
  'end0',
  'begin1',
  'hue1',
  'end1',
  'solarize',
  'radius',
  'innerWeight',
  'outerWeight',
] as const;
export type RecordField = (typeof RECORD_FIELDS)[number];

export const MAX_STEPS = 8;
export const RECORD_WORDS = RECORD_FIELDS.length + 2 * MAX_STEPS;
/** Words before the first record: a bit for every hue, see `hueShortfalls`. */
export const HUE_WORDS = 8;

/** What a change of colors blends with, as the records number it; the turn of hue stands by itself. */
export const ORIGINS = { black: 0, mean: 1, gray: 2 } as const;

const upper = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();

const HEADER = `
struct Dispatch { ${DISPATCH_FIELDS.map((name) => `${name}: u32`).join(', ')} }
@group(0) @binding(0) var<uniform> d: Dispatch;
@group(0) @binding(1) var<storage, read> plan: array<u32>;
${RECORD_FIELDS.map((name, at) => `const ${upper(name)} = ${at}u;`).join('\n')}
const STEP_PAIRS = ${RECORD_FIELDS.length}u;
fn field(view: u32, at: u32) -> u32 { return plan[${HUE_WORDS}u + view * ${RECORD_WORDS}u + at]; }
fn channels(pixel: u32) -> vec3i {
  return vec3i(i32(pixel & 255u), i32((pixel >> 8u) & 255u), i32((pixel >> 16u) & 255u));
}
fn pixelOf(levels: vec3i) -> u32 {
  return u32(levels.x) | (u32(levels.y) << 8u) | (u32(levels.z) << 16u);
}
fn luma(levels: vec3i) -> i32 {
  return (levels.x * 19595 + levels.y * 38470 + levels.z * 7471 + 32768) >> 16u;
}
`;

/** The whole shader of a kernel. */
export function augmentShader({ code, workgroup: [x, y] }: AugmentKernel): string {
  return `${HEADER}const WORKGROUP_X = ${x};\nconst WORKGROUP_Y = ${y};\n${code}`;
}

/** Type of an array's elements, 4 bytes or 16. */
export type Element = 'f32' | 'vec4f' | 'u32' | 'vec4u';

/** One compute dispatch as data. Operands lie anywhere in a few large buffers, several often in the same. */
export interface Kernel {
  readonly name: string;
  /**
   * Element of all arrays, or of the array of each operand; then operands of one buffer have the same. Offsets of
   * operands are multiples of 4 floats where it is a vector.
   */
  readonly element: Element | readonly Element[];
  /**
   * WGSL below the bindings: `table: array<u32>`, its first numbers once more as `head` (see `headNumber`), and the
   * arrays; arrays[i] names the array that holds operand i. Whatever differs between two kernels belongs in the table:
   * equal text shares one pipeline.
   */
  code(arrays: readonly string[]): string;
  /** Numbers for this dispatch; offsets[i] is where operand i begins, in floats. */
  table(offsets: readonly number[]): ArrayLike<number>;
  readonly workgroups: readonly [number, number, number];
  /** Floating-point operations, by which a step is divided into submissions. */
  readonly flop: number;
  /** Required WGSL extensions. */
  readonly enables?: readonly 'subgroups'[];
  readonly merging?: Merging;
}

/** Kernels of one form can run as one dispatch, where their operands lie in the same arrays, position by position. */
export interface Merging {
  readonly form: string;
  /** Merges this kernel with others of its form. Operands are those of this one, then those of the first other, … */
  merge(others: readonly Kernel[]): Kernel;
}

/** Numbers of the table that can be read as `head`. */
export const HEAD_NUMBERS = 64;

/**
 * WGSL for number `index` of the table, a constant below HEAD_NUMBERS. It is read as a uniform: CPU adapters turn each
 * load from storage into about a hundred instructions, which are slow to compile.
 */
export function headNumber(index: number): string {
  return `head[${index >> 2}][${index & 3}]`;
}

/** Returns the whole shader of a kernel whose operands lie in the given pages (numbered in any way). */
export function shaderOf(kernel: Kernel, operandPages: readonly number[]): { code: string; pages: readonly number[] } {
  const pages = [...new Set(operandPages)];
  const arrays = pages.map((page, slot) => {
    const element = typeof kernel.element === 'string' ? kernel.element : kernel.element[operandPages.indexOf(page)];
    return `@group(0) @binding(${slot + 2}) var<storage, read_write> m${slot}: array<${element}>;`;
  });
  const code = [
    ...(kernel.enables ?? []).map((feature) => `enable ${feature};`),
    `@group(0) @binding(0) var<uniform> head: array<vec4u, ${HEAD_NUMBERS / 4}>;`,
    '@group(0) @binding(1) var<storage, read> table: array<u32>;',
    ...arrays,
    kernel.code(operandPages.map((page) => `m${pages.indexOf(page)}`)),
  ].join('\n');
  return { code, pages };
}

/**
 * Exact a / d while a < 2³⁰ and a / d < 2²², given inverse = 1/d rounded: vector units of CPUs have no integer
 * division, and drivers emulate it one lane at a time. They do so with u32(f32), too: the quotient is rounded to an integer
 * in the last bits of a float from 2²³ on.
 */
export const WGSL_DIVIDE = `
fn divide(a: u32, d: u32, inverse: f32) -> u32 {
  let q = bitcast<u32>(max(f32(i32(a)) * inverse - 0.5, 0) + 0x1p23) & 0x7fffffu;
  let below = q * d;
  return select(q + u32(a - below >= d), q - 1u, below > a);
}`;

/** Bits of a float, for tables of u32. */
export function floatBits(value: number): number {
  return new Uint32Array(Float32Array.of(value).buffer)[0];
}

import { headNumber, type Element, type Kernel } from '../kernel.ts';

/** A kernel over the views of a batch, before its numbers are known: workgroups of the same z compute one view. */
export interface ViewProgram<Shared extends string, Field extends string> {
  readonly name: string;
  /** Element of each operand's array. */
  readonly elements: readonly Element[];
  /** Invocations of a workgroup along x and y, in WGSL WORKGROUP_X and WORKGROUP_Y. */
  readonly workgroup: readonly [number, number];
  /** Numbers common to all views, at the start of the table. */
  readonly shared: readonly Shared[];
  /** Numbers of each view; those of view z begin at `rowOf(z)`. */
  readonly fields: readonly Field[];
  /** WGSL: `shared` and `field` hold expressions for the numbers, the latter where `row` is defined. */
  code(
    arrays: readonly string[],
    shared: Readonly<Record<Shared, string>>,
    field: Readonly<Record<Field, string>>,
  ): string;
}

/** Numbers of one dispatch of a `ViewProgram`. */
interface ViewNumbers<Shared extends string, Field extends string, View> {
  /** Invocations along x and y. */
  readonly items: readonly [number, number];
  readonly views: readonly View[];
  /** offsets[i] is where operand i begins, in words. */
  shared(offsets: readonly number[]): Readonly<Record<Shared, number>>;
  fields(view: View, offsets: readonly number[]): Readonly<Record<Field, number>>;
}

/** 8-bit RGB in one u32, red lowest, the top byte 0. */
const WGSL_PIXELS = `
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

export function viewKernel<Shared extends string, Field extends string, View>(
  program: ViewProgram<Shared, Field>,
  { items, views, shared, fields }: ViewNumbers<Shared, Field, View>,
): Kernel {
  const [x, y] = program.workgroup;
  return {
    name: program.name,
    element: program.elements,
    flop: 0,
    workgroups: [Math.ceil(items[0] / x), Math.ceil(items[1] / y), views.length],
    code: (arrays) => `${WGSL_PIXELS}
const WORKGROUP_X = ${x};
const WORKGROUP_Y = ${y};
fn rowOf(view: u32) -> u32 { return ${program.shared.length}u + view * ${program.fields.length}u; }
${program.code(
  arrays,
  named(program.shared, headNumber),
  named(program.fields, (index) => `table[row + ${index}u]`),
)}`,
    table: (offsets) => {
      const common = shared(offsets);
      const numbers = program.shared.map((name) => common[name]);
      for (const view of views) {
        const own = fields(view, offsets);
        for (const name of program.fields) numbers.push(own[name]);
      }
      return numbers;
    },
  };
}

function named<Name extends string>(
  names: readonly Name[],
  expression: (index: number) => string,
): Readonly<Record<Name, string>> {
  return Object.fromEntries(names.map((name, index) => [name, expression(index)])) as Record<Name, string>;
}

import { floatBits, headNumber, WGSL_DIVIDE } from '../kernel.ts';

/**
 * Everything about shapes is in the table, and nothing in the text of a shader. First come numbers for all workgroups.
 * Columns and all that concerns B and out count elements of the arrays (vec4f or f32), A counts floats.
 */
const SHARED = [
  ...(['columns', 'columnTiles', 'columnTilesInverse', 'fold', 'bStride', 'rowStride', 'depthStride'] as const),
  // The image that A is read from, and the distance between positions of a window over it.
  ...(['height', 'width', 'channels', 'step'] as const),
  // The image that is written, where rows of the result aren't dense.
  ...(['outHeight', 'outWidth', 'outStep'] as const),
] as const;

/**
 * Then, for each layer of workgroups (one workgroup_id.z), what it computes: out[i, j] = Σ A(i, k) · B(k, j) over
 * depthBegin ≤ k < depthEnd.
 */
const SLICE = [
  ...(['rows', 'depthBegin', 'depthEnd', 'a', 'b', 'out'] as const),
  // Positions of a window: a grid of places, the first at (top, left) in the image of A and (outTop, outLeft) in out.
  ...([
    'gridHeight',
    'gridHeightInverse',
    'gridWidth',
    'gridWidthInverse',
    'top',
    'left',
    'outTop',
    'outLeft',
  ] as const),
  // Where in the table the taps of a window begin, and how many depths, or rows, belong to each.
  ...(['taps', 'run', 'runInverse'] as const),
] as const;

/** Numbers left out are 0; inverses are filled in. */
export type GemmShared = Partial<Record<(typeof SHARED)[number], number>>;
export type GemmSlice = Partial<Record<(typeof SLICE)[number], number>>;

/** Words in front of whatever else a table holds. */
export function gemmTableWords(slices: number): number {
  return SHARED.length + slices * SLICE.length;
}

/** The start of a table. Negative numbers wrap around. */
export function packGemmTable(shared: GemmShared, slices: readonly GemmSlice[]): number[] {
  const pack = (names: readonly string[], values: Readonly<Record<string, number>>): number[] =>
    names.map((name) => {
      const inverseOf = /^(.*)Inverse$/.exec(name)?.[1];
      return inverseOf === undefined ? (values[name] ?? 0) >>> 0 : floatBits(1 / (values[inverseOf] ?? 1));
    });
  return [...pack(SHARED, shared), ...slices.flatMap((slice) => pack(SLICE, slice))];
}

/** WGSL: `struct Slice` of all these numbers, and `sliceAt(z)`. */
export const WGSL_SLICE = `${WGSL_DIVIDE}
struct Slice { ${[...SHARED, ...SLICE].map((name) => `${name}: u32`).join(', ')} }
fn sliceAt(z: u32) -> Slice {
  let at = ${SHARED.length}u + z * ${SLICE.length}u;
  return ${sliceOf((index) => `table[at + ${index}u]`)};
}`;

/**
 * WGSL: `sliceByLanes(z, lane)` for subgroups of `size` lanes, which load different numbers and share them: drivers of
 * CPUs compile loads slowly.
 */
export function wgslSliceByLanes(size: number): string {
  const loads = Array.from({ length: Math.ceil(SLICE.length / size) }, (_, part) => {
    const index = `min(lane + ${part * size}u, ${SLICE.length - 1}u)`;
    return `let numbers${part} = table[${SHARED.length}u + z * ${SLICE.length}u + ${index}];`;
  });
  return `
fn sliceByLanes(z: u32, lane: u32) -> Slice {
  ${loads.join('\n  ')}
  return ${sliceOf((index) => `subgroupBroadcast(numbers${Math.floor(index / size)}, ${index % size}u)`)};
}`;
}

function sliceOf(number: (index: number) => string): string {
  return `Slice(${[...SHARED.map((_, index) => headNumber(index)), ...SLICE.map((_, index) => number(index))].join(', ')})`;
}

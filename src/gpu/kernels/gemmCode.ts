import { WGSL_SLICE, type GemmSlice } from './gemmSlice.ts';

/** Lanes that exchange values by themselves. */
export const QUAD = 4;

/** Division of the work among threads; which is fastest depends on the adapter. */
export interface GemmStrategy {
  /**
   * `subgroup`, for CPUs: lanes of a subgroup exchange the values they loaded. `register`: registers only. `workgroup`, for
   * GPUs: tiles of A and B in workgroup memory.
   */
  readonly kind: 'subgroup' | 'register' | 'workgroup';
  /** The only subgroup size, a power of 2; 0 for kinds without subgroups. */
  readonly lanes: number;
  /** Rows of a tile with many columns, a power of 2; of kind `register`, rows of a thread. */
  readonly rows: number;
  /** Whether A, B and the result are read and written by fours, where they are aligned. */
  readonly vectors: boolean;
}

export const REGISTER: GemmStrategy = { kind: 'register', lanes: 0, rows: 8, vectors: true };
export const WORKGROUP: GemmStrategy = { kind: 'workgroup', lanes: 0, rows: 64, vectors: true };

/** Tuned on SwiftShader (4 lanes) and llvmpipe (8). */
export function subgroupStrategy(lanes: number): GemmStrategy {
  return { kind: 'subgroup', lanes, rows: 32, vectors: true };
}

/**
 * Addresses of a kernel's operands, in WGSL. The element of A in row i at depth k lies at rowPart + depthPart; both are
 * (address, y, x), and where y or x comes to lie outside of the image the element is 0.
 */
export interface GemmAddressing {
  /** `rowPart(i: u32, s: Slice) -> vec3u` and `depthPart(k: u32, s: Slice) -> vec3u`, which needs runs of one pixel. */
  readonly parts: string;
  /**
   * `tapAt(t: u32, s: Slice) -> vec4u`: where run t of depths begins, relative to rowPart, and the row of B it begins with.
   * Strategy `subgroup` needs it, and reads runs of several pixels of a line too.
   */
  readonly tap?: string;
  /** `bRow(k: u32, s: Slice) -> u32`: where row k of B begins. Absent: dense rows. */
  readonly bRow?: string;
  /** `outRow(i: u32, s: Slice) -> u32`: where row i of the result begins. Absent: dense rows. */
  readonly outRow?: string;
  /** Rows of A lie next to each other in memory, rather than depths. */
  readonly rowsAdjacent: boolean;
}

/** The part of the result that a workgroup computes; columns in elements of the arrays. */
export interface GemmTile {
  readonly rows: number;
  readonly columns: number;
}

/** What the form of a kernel depends on, beside its strategy. */
export interface GemmProduct {
  readonly addressing: GemmAddressing;
  /** Of the arrays that B and the result are, and columns in such elements. */
  readonly element: 'f32' | 'vec4f';
  readonly columns: number;
  /** Floats from one pixel of A's image to the next. */
  readonly channels: number;
  readonly slices: readonly GemmSlice[];
  readonly flop: number;
}

/** What a strategy makes of a product. */
export interface GemmForm {
  readonly tile: GemmTile;
  /** The entry point, on top of `gemmHelpers`; operands name arrays. */
  main(operands: readonly [a: string, b: string, out: string]): string;
}

/** Whether A can be read by fours: depths, or rows, that lie next to each other begin at multiples of 4 floats. */
export function isReadByFours({ element, channels, slices }: GemmProduct): boolean {
  return (
    element === 'vec4f' && channels % 4 === 0 && slices.every(({ a = 0, run = 1 }) => a % 4 === 0 && run % 4 === 0)
  );
}

/** The first of these widths of which the last tile of a row leaves at most half idle, else the last width. */
export function fittingWidth(columns: number, widths: readonly [number, ...number[]]): number {
  return widths.find((width) => (columns - 1) % width >= width / 2) ?? widths[widths.length - 1];
}

const DENSE_B = 'fn bRow(k: u32, s: Slice) -> u32 { return s.b + k * s.bStride; }';
const DENSE_OUT = 'fn outRow(i: u32, s: Slice) -> u32 { return s.out + i * s.columns; }';

/**
 * WGSL common to all strategies: `elementA`, `isInside`, `insideOf`, `loadA`, `loadFour` where elements are vectors, `depthAt`,
 * `tileAt`, on top of the addressing.
 */
export function gemmHelpers(addressing: GemmAddressing, element: 'f32' | 'vec4f', a: string): string {
  const value = element === 'f32' ? `${a}[at]` : `${a}[at >> 2u][at & 3u]`;
  return `${WGSL_SLICE}
alias V = ${element};
${addressing.tap ?? ''}
${addressing.parts}
${addressing.bRow ?? DENSE_B}
${addressing.outRow ?? DENSE_OUT}
// y beyond any image, whatever is added.
const FAR = 0x40000000u;
fn depthAt(k: u32, s: Slice) -> vec3u {
  let part = depthPart(min(k, s.depthEnd - 1u), s);
  return vec3u(part.x, select(FAR, part.y, k < s.depthEnd), part.z);
}
fn elementA(at: u32) -> f32 { return ${value}; }
fn isInside(part: vec3u, s: Slice) -> bool { return part.y < s.height && part.z < s.width; }
// Of the floats of a run that begins at a place, the first inside of the image, and how many are.
fn insideOf(place: vec3u, s: Slice) -> vec2u {
  let x = bitcast<i32>(place.z);
  let channels = i32(s.channels);
  let begin = max(-x, 0) * channels;
  let end = min((i32(s.width) - x) * channels, i32(s.run));
  return vec2u(u32(begin), select(0u, u32(max(end - begin, 0)), place.y < s.height));
}
fn loadA(part: vec3u, s: Slice) -> f32 { return select(0f, elementA(part.x), isInside(part, s)); }
${element === 'f32' ? '' : fourOf(a)}
// Column and row of a workgroup's tile. Workgroups beyond the maximum in y continue in x.
fn tileAt(group: vec3u, s: Slice) -> vec2u {
  let folded = divide(group.x, s.columnTiles, bitcast<f32>(s.columnTilesInverse));
  return vec2u(group.x - folded * s.columnTiles, group.y * s.fold + folded);
}`;
}

const fourOf = (a: string): string =>
  `fn loadFour(part: vec3u, s: Slice) -> vec4f { return select(vec4f(), ${a}[part.x >> 2u], isInside(part, s)); }`;

/** WGSL: `begin` and `count` of the depths of a run at `place` that lie inside of the image. */
export function insideOf(part: number): string {
  return `let inside${part} = insideOf(place${part}, s); let begin${part} = inside${part}.x; let count${part} = inside${part}.y;`;
}

/** 0 … count - 1 as lines of WGSL. */
export function repeat(count: number, line: (index: number) => string, between = '\n  '): string {
  return Array.from({ length: count }, (_, index) => line(index)).join(between);
}

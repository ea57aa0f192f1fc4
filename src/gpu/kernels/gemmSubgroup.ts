import { repeat, type GemmAddressing, type GemmTile } from './gemmCode.ts';
import { wgslSliceByLanes } from './gemmSlice.ts';

/** Tuned on SwiftShader (4 lanes) and llvmpipe (8). `wholeRuns` as in `subgroupMain`. */
export function subgroupTile(size: number, columns: number, element: 'f32' | 'vec4f', wholeRuns: boolean): GemmTile {
  if (element === 'vec4f') return { rows: 24, columns: size };
  const narrow = isNarrow(size, columns);
  // Without runs, where each lane finds its own depths, 24 rows compile for seconds, 32 for minutes.
  if (size <= 4) return { rows: wholeRuns ? 32 : 16, columns: size * (narrow ? 4 : 8) };
  // Lanes have 4 columns each, or 2 where that leaves fewer idle. More rows are little faster and compile slowly.
  return { rows: narrow ? 24 : 16, columns: size * (narrow ? 2 : 4) };
}

/** Whether B and the result are read and written by fours: with 8 lanes, unless half of them would be idle. */
export function subgroupReadsVectors(size: number, n: number): boolean {
  return size > 4 && !isNarrow(size, n);
}

/** Whether half or more of the wider tile's 32 columns would be idle. */
function isNarrow(size: number, columns: number): boolean {
  const wide = size <= 4 ? size * 8 : size * 4;
  return (columns - 1) % wide < wide / 2;
}

/**
 * Lanes lie across the columns, and each computes all rows. What lies next to each other in A is loaded by neighboring
 * lanes, which hand it to the others.
 * @param wholeRuns depths come in runs of a multiple of `size` that lie next to each other in memory
 */
export function subgroupMain(
  size: number,
  addressing: GemmAddressing,
  tile: GemmTile,
  wholeRuns: boolean,
  [b, out]: readonly [string, string],
): string {
  const { rows, columns } = tile;
  const shape = { size, rows, across: columns / size, parts: Math.ceil(rows / size), b };
  const { across, parts } = shape;
  const loop = addressing.rowsAdjacent && size <= 4 ? loopOverRows : wholeRuns ? loopOverRuns : loopOverDepths;
  return `${wgslSliceByLanes(size)}
// An address of rows that lie outside of the image.
const OUTSIDE = 0xffffffffu;
// All lanes hold the same slice and stay together, which WGSL's uniformity analysis can't prove.
@diagnostic(off, subgroup_uniformity)
@compute @workgroup_size(${size})
fn main(@builtin(workgroup_id) group: vec3u, @builtin(subgroup_invocation_id) lane: u32) {
  let s = sliceByLanes(group.z, lane);
  let tile = tileAt(group, s);
  let top = tile.y * ${rows}u;
  if (top >= s.rows) { return; }
  let left = tile.x * ${columns}u + lane;
  ${repeat(across, (q) => `let n${q} = min(left + ${q * size}u, s.columns - 1u);`)}
  ${repeat(parts, (p) => `let i${p} = min(top + ${p * size}u + lane, s.rows - 1u);`)}
  ${repeat(parts, (p) => `let part${p} = rowPart(i${p}, s);`)}
  ${repeat(rows, (i) => repeat(across, (q) => `var total${i}_${q} = V();`, ' '))}
  ${loop(shape)}
  // Rows beyond the last were computed as the last is, and go to the same place.
  ${repeat(parts, (p) => `let to${p} = outRow(i${p}, s);`)}
  ${repeat(rows, (i) => `let out${i} = ${ofLane('to', i, size)};`)}
  ${repeat(
    across,
    (q) => `if (left + ${q * size}u < s.columns) {
    ${repeat(rows, (i) => `${out}[out${i} + n${q}] = total${i}_${q};`, '\n    ')}
  }`,
  )}
}`;
}

interface Shape {
  readonly size: number;
  readonly rows: number;
  /** Columns of a lane. */
  readonly across: number;
  /** Rows of a lane, where they are shared out. */
  readonly parts: number;
  readonly b: string;
}

/** Broadcasts the value of one lane; within four lanes, a lane that the compiler knows is faster. */
function shareOf(value: string, lane: number, size: number): string {
  return `${size <= 4 ? 'quadBroadcast' : 'subgroupBroadcast'}(${value}, ${lane}u)`;
}

/** Number i of values that lanes hold in turn, as name0, name1, … */
function ofLane(name: string, i: number, size: number): string {
  return shareOf(`${name}${Math.floor(i / size)}`, i % size, size);
}

/** A depth of the sums: it adds to `sum…`, as another `let` of that name or not, with the elements that the lanes hold. */
interface Depth {
  readonly declares: '' | 'let ';
  readonly sum: 'sum' | 'total';
  broadcast(value: string): string;
}

/** Multiplies a row of B by `a(i)`, the element of each row of A. */
function multiply(
  { rows, across, b }: Shape,
  { declares, sum }: Depth,
  line: string,
  a: (i: number) => string,
): string {
  const add = (i: number): string =>
    repeat(across, (q) => `${declares}${sum}${i}_${q} = fma(V(x${i}), b${q}, ${sum}${i}_${q});`, ' ');
  return `${repeat(across, (q) => `let b${q} = ${b}[${line} + n${q}];`, '\n      ')}
      ${repeat(rows, (i) => `let x${i} = ${a(i)}; ${add(i)}`, '\n      ')}`;
}

/**
 * `body` for the depth of each lane in turn. The driver with 4 lanes is slow at shuffles from a dynamic lane and at
 * variables: there each depth declares new names for its sums, in a scope within the one before. The driver with 8 compiles
 * long texts slowly and unrolls loops of constant length.
 */
function forEachLane({ size, rows, across }: Shape, end: string, body: (depth: Depth) => string): string {
  if (size > 4) {
    return `let end = min(${size}u, ${end});
    for (var j = 0u; j < end; j++) {
      ${body({ declares: '', sum: 'total', broadcast: (value) => `subgroupShuffle(${value}, j)` })}
    }`;
  }
  const forSums = (line: (sum: string) => string): string =>
    repeat(rows, (i) => repeat(across, (q) => line(`${i}_${q}`), ' '), '\n    ');
  const scopes = Array.from({ length: size }, (_, lane) =>
    body({ declares: 'let ', sum: 'sum', broadcast: (value) => shareOf(value, lane, size) }),
  );
  return `{ ${forSums((sum) => `let sum${sum} = total${sum};`)}
    ${scopes.map((scope) => `{ ${scope}`).join('\n    ')}
    ${forSums((sum) => `total${sum} = sum${sum};`)}
    ${'}'.repeat(size + 1)}`;
}

/** Depths lie side by side in A, in runs: the position of rows in the image is computed once per run. */
function loopOverRuns(shape: Shape): string {
  const { size, rows, parts } = shape;
  return `var tapNumber = 0u;
  for (var k = s.depthBegin; k < s.depthEnd; k += s.run) {
    let tap = tapAt(tapNumber, s);
    tapNumber++;
    ${repeat(parts, (p) => `let place${p} = part${p} + tap.xyz;`, '\n    ')}
    ${repeat(parts, (p) => `let first${p} = select(OUTSIDE, place${p}.x, isInside(place${p}, s));`, '\n    ')}
    ${repeat(rows, (i) => `let from${i} = ${ofLane('first', i, size)};`, '\n    ')}
    for (var c = 0u; c < s.run; c += ${size}u) {
      let at = c + lane;
      ${size > 4 ? 'var' : 'let'} line = s.b + (tap.w + c) * s.bStride;
      ${repeat(rows, (i) => `let a${i} = select(elementA(from${i} + at), 0f, from${i} == OUTSIDE);`, '\n      ')}
      ${forEachLane(shape, 's.run - c', (depth) => `${multiply(shape, depth, 'line', (i) => depth.broadcast(`a${i}`))} ${depth.declares}line = line + s.bStride;`)}
    }
  }`;
}

/** Depths lie anywhere in A: each lane finds its own. */
function loopOverDepths(shape: Shape): string {
  const { size, rows } = shape;
  const body = (depth: Depth): string =>
    `let line = ${depth.broadcast('bRows')}; ${multiply(shape, depth, 'line', (i) => depth.broadcast(`a${i}`))}`;
  return `${repeat(rows, (i) => `let row${i} = ${ofLane('part', i, size)};`)}
  for (var k = s.depthBegin; k < s.depthEnd; k += ${size}u) {
    let depth = depthAt(k + lane, s);
    let bRows = bRow(min(k + lane, s.depthEnd - 1u), s);
    ${repeat(rows, (i) => `let a${i} = loadA(row${i} + depth, s);`, '\n    ')}
    ${forEachLane(shape, 's.depthEnd - k', body)}
  }`;
}

/** Rows lie side by side in A: lanes load rows of the same depth. */
function loopOverRows(shape: Shape): string {
  const { size, parts } = shape;
  const body = (depth: Depth): string => `
      let at = ${depth.broadcast('depth')};
      let line = ${depth.broadcast('bRows')};
      ${repeat(parts, (p) => `let a${p} = loadA(part${p} + at, s);`, '\n      ')}
      ${multiply(shape, depth, 'line', (i) => ofLane('a', i, size))}`;
  return `for (var k = s.depthBegin; k < s.depthEnd; k += ${size}u) {
    let depth = depthAt(k + lane, s);
    let bRows = bRow(min(k + lane, s.depthEnd - 1u), s);
    ${forEachLane(shape, 's.depthEnd - k', body)}
  }`;
}

import { repeat, type GemmAddressing, type GemmTile } from './gemmCode.ts';
import { wgslSliceByLanes } from './gemmSlice.ts';

/** Tuned on SwiftShader (4 lanes) and llvmpipe (8). `wholeRuns` as in `subgroupMain`. */
export function subgroupTile(size: number, columns: number, element: 'f32' | 'vec4f', wholeRuns: boolean): GemmTile {
  const narrow = isNarrow(size, columns);
  // Without runs, where each lane finds its own depths, 24 rows compile for seconds, 32 for minutes.
  if (size <= 4) return { rows: wholeRuns ? 32 : 16, columns: size * (narrow ? 4 : 8) };
  // Lanes have 4 columns each, or 2 where that leaves fewer idle. 24 rows take as long per product and compile a third longer.
  return { rows: 16, columns: element === 'vec4f' ? size : size * (narrow ? 2 : 4) };
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

/** One depth of the sums, in WGSL. */
interface Depth {
  /** Statements before it. */
  readonly before?: string;
  /** Where its row of B begins. */
  readonly line: string;
  /** Its element of row i of A. */
  a(i: number): string;
}

/** Broadcasts what the lane of the depth holds. */
type Share = (value: string) => string;

/** Adds the depth of each lane to the sums. `lane` is WGSL for its number. */
function forEachLane(shape: Shape, end: string, depthOf: (share: Share, lane: string) => Depth): string {
  return shape.size > 4 ? byPairs(shape, end, depthOf) : byScopes(shape, depthOf);
}

/**
 * Two depths at a time, and row by row: in a loop each sum is loaded and stored for every addition, so that two at once take a
 * fifth off the time of a product. The driver with 8 lanes compiles longer texts slowly, and it unrolls loops of constant length.
 */
function byPairs(
  { size, rows, across, b }: Shape,
  end: string,
  depthOf: (share: Share, lane: string) => Depth,
): string {
  // An odd last one has a partner of which A is 0.
  const pair = ['j', 'j + 1u'].map((lane) => depthOf((value) => `subgroupShuffle(${value}, ${lane})`, lane));
  const row = (i: number): string =>
    `${pair.map(({ a }, d) => `let x${i}_${d} = V(${a(i)});`).join(' ')} ${repeat(across, (q) => `total${i}_${q} = fma(x${i}_1, b1_${q}, fma(x${i}_0, b0_${q}, total${i}_${q}));`, ' ')}`;
  return `let end = min(${size}u, ${end});
    for (var j = 0u; j < end; j += 2u) {
      ${pair.map(({ line }, d) => `let line${d} = ${line}; ${repeat(across, (q) => `let b${d}_${q} = ${b}[line${d} + n${q}];`, ' ')}`).join('\n      ')}
      ${repeat(rows, row, '\n      ')}
    }`;
}

/**
 * The driver with 4 lanes is slow at shuffles from a dynamic lane and at variables: each depth declares new names for its
 * sums, in a scope within the one before.
 */
function byScopes({ size, rows, across, b }: Shape, depthOf: (share: Share, lane: string) => Depth): string {
  const forSums = (line: (sum: string) => string): string =>
    repeat(rows, (i) => repeat(across, (q) => line(`${i}_${q}`), ' '), '\n    ');
  const scope = (lane: number): string => {
    const { before = '', line, a } = depthOf((value) => shareOf(value, lane, size), `${lane}u`);
    const add = (i: number): string =>
      repeat(across, (q) => `let sum${i}_${q} = fma(V(x${i}), b${q}, sum${i}_${q});`, ' ');
    return `{ ${before}
      let line = ${line};
      ${repeat(across, (q) => `let b${q} = ${b}[line + n${q}];`, '\n      ')}
      ${repeat(rows, (i) => `let x${i} = ${a(i)}; ${add(i)}`, '\n      ')}`;
  };
  return `{ ${forSums((sum) => `let sum${sum} = total${sum};`)}
    ${repeat(size, scope, '\n    ')}
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
      let firstLine = s.b + (tap.w + c) * s.bStride;
      ${repeat(rows, (i) => `let a${i} = select(elementA(from${i} + at), 0f, from${i} == OUTSIDE);`, '\n      ')}
      ${forEachLane(shape, 's.run - c', (share, lane) => ({ line: `firstLine + (${lane}) * s.bStride`, a: (i) => share(`a${i}`) }))}
    }
  }`;
}

/** Depths lie anywhere in A: each lane finds its own. */
function loopOverDepths(shape: Shape): string {
  const { size, rows } = shape;
  return `${repeat(rows, (i) => `let row${i} = ${ofLane('part', i, size)};`)}
  for (var k = s.depthBegin; k < s.depthEnd; k += ${size}u) {
    let depth = depthAt(k + lane, s);
    let bRows = bRow(min(k + lane, s.depthEnd - 1u), s);
    ${repeat(rows, (i) => `let a${i} = loadA(row${i} + depth, s);`, '\n    ')}
    ${forEachLane(shape, 's.depthEnd - k', (share) => ({ line: share('bRows'), a: (i) => share(`a${i}`) }))}
  }`;
}

/** Rows lie side by side in A: lanes load rows of the same depth. */
function loopOverRows(shape: Shape): string {
  const { size, parts } = shape;
  const depthOf = (share: Share): Depth => ({
    before: `let at = ${share('depth')};
      ${repeat(parts, (p) => `let a${p} = loadA(part${p} + at, s);`, '\n      ')}`,
    line: share('bRows'),
    a: (i) => ofLane('a', i, size),
  });
  return `for (var k = s.depthBegin; k < s.depthEnd; k += ${size}u) {
    let depth = depthAt(k + lane, s);
    let bRows = bRow(min(k + lane, s.depthEnd - 1u), s);
    ${forEachLane(shape, 's.depthEnd - k', depthOf)}
  }`;
}

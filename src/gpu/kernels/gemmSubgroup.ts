import { repeat, type GemmStrategy, type GemmTile } from './gemmCode.ts';
import {
  loopOverDepths,
  loopOverRows,
  loopOverRuns,
  ofLane,
  QUAD,
  type LaneLoads,
  type LaneTile,
} from './gemmDepths.ts';
import { wgslSliceByLanes, type GemmSlice } from './gemmSlice.ts';

/** On drivers with more lanes the innermost loop is fast while its text is short: it adds one depth, in place of four. */
const isShort = (lanes: number): boolean => lanes > QUAD;
const turnDepths = (lanes: number): number => (isShort(lanes) ? 1 : 4);

export function subgroupTile(
  { lanes, rows }: Pick<GemmStrategy, 'lanes' | 'rows'>,
  columns: number,
  element: 'f32' | 'vec4f',
  loads: LaneLoads,
): GemmTile {
  const widest = (widths: readonly number[]): number | undefined =>
    widths.find((width) => (columns - 1) % width >= width / 2);
  if (!isShort(lanes)) {
    // More rows compile for minutes: more than 32, and without runs more than 16.
    const most = loads === 'runs' ? 32 : 16;
    return { rows: Math.min(rows, most), columns: widest([8 * lanes]) ?? 4 * lanes };
  }
  // Lanes have 8 or 4 floats of a row each; where half of them would be idle, quads have rows of their own.
  if (element === 'f32') return { rows, columns: widest([4 * lanes]) ?? 2 * lanes };
  return { rows, columns: widest([2 * lanes, lanes]) ?? QUAD };
}

/** How lanes can load A, given its slices and the distance of its pixels. */
export function laneLoads(
  { lanes, rows }: Pick<GemmStrategy, 'lanes' | 'rows'>,
  element: 'f32' | 'vec4f',
  rowsAdjacent: boolean,
  channels: number,
  slices: readonly GemmSlice[],
): LaneLoads {
  const isMultiple = (of: number): boolean => slices.every(({ run = 1 }) => run % of === 0);
  if (!rowsAdjacent) return isMultiple(turnDepths(lanes)) ? 'runs' : 'depths';
  const isAligned = element === 'vec4f' && channels % 4 === 0 && slices.every(({ a = 0 }) => a % 4 === 0);
  return isAligned && isShort(lanes) && rows % (4 * lanes) === 0 && isMultiple(4) ? 'fours' : 'rows';
}

/**
 * Lanes, or those of each quad, lie across the columns, and each computes all of their rows. What lies next to each other in A is loaded by neighboring
 * lanes, which hand it to the others.
 */
export function subgroupMain(
  lanes: number,
  tile: GemmTile,
  loads: LaneLoads,
  [b, out]: readonly [string, string],
): string {
  const shape = shapeOf(lanes, tile);
  const { size, rows, across, parts } = shape;
  const held = loads === 'fours' ? { count: parts / 4, rows: 4 } : { count: parts, rows: 1 };
  const rowOf = (p: number): string => `min(top + ${held.rows}u * (${p * size}u + lane), s.rows - ${held.rows}u)`;
  return `${wgslSliceByLanes(lanes)}
// An address of rows that lie outside of the image.
const OUTSIDE = 0xffffffffu;
// All lanes hold the same slice and stay together, which WGSL's uniformity analysis can't prove.
@diagnostic(off, subgroup_uniformity)
@compute @workgroup_size(${lanes})
fn main(@builtin(workgroup_id) group: vec3u, @builtin(subgroup_invocation_id) thread: u32) {
  let s = sliceByLanes(group.z, thread);
  let tile = tileAt(group, s);
  if (tile.y * ${tile.rows}u >= s.rows) { return; }
  let lane = thread % ${size}u;
  let top = tile.y * ${tile.rows}u + thread / ${size}u * ${rows}u;
  let left = tile.x * ${tile.columns}u + lane;
  ${repeat(across, (q) => `let n${q} = min(left + ${q * size}u, s.columns - 1u);`)}
  ${repeat(held.count, (p) => `let i${p} = ${rowOf(p)};`)}
  ${repeat(held.count, (p) => `let part${p} = rowPart(i${p}, s);`)}
  ${repeat(rows, (i) => repeat(across, (q) => `var total${i}_${q} = V();`, ' '))}
  ${loopOver(loads, shape, b)}
${isShort(lanes) ? storeInLoop(shape, out) : storeEach(shape, out)}
}`;
}

function shapeOf(lanes: number, tile: GemmTile): LaneTile {
  const size = Math.min(lanes, tile.columns);
  const rows = (tile.rows * size) / lanes;
  return {
    size,
    rows,
    across: tile.columns / size,
    parts: Math.ceil(rows / size),
    depths: turnDepths(lanes),
  };
}

function loopOver(loads: LaneLoads, shape: LaneTile, b: string): string {
  switch (loads) {
    case 'depths':
      return loopOverDepths(shape, b);
    case 'runs':
      return loopOverRuns(shape, b);
    case 'rows':
    case 'fours':
      return loopOverRows(shape, b, loads === 'fours');
  }
}

/** Rows beyond the last were computed as the last is, and go to the same place. */
function storeEach({ size, rows, across, parts }: LaneTile, out: string): string {
  return `  ${repeat(parts, (p) => `let to${p} = outRow(i${p}, s);`)}
  ${repeat(rows, (i) => `let out${i} = ${ofLane('to', i, size)};`)}
  ${repeat(
    across,
    (q) => `if (left + ${q * size}u < s.columns) {
    ${repeat(rows, (i) => `${out}[out${i} + n${q}] = total${i}_${q};`, '\n    ')}
  }`,
  )}`;
}

/** Rows that one turn of `storeInLoop` stores. With 1 convolutions take 7 to 29 % longer, with 4 3 to 10 %. */
const STORED_ROWS = 2;

/**
 * Drivers compile a store into dozens of branches: a loop, of a length that they can't know, stores the first rows and moves
 * the others up.
 */
function storeInLoop({ size, rows, across }: LaneTile, out: string): string {
  const store = (q: number, i: number): string =>
    `if (left + ${q * size}u < s.columns && i + ${i}u < s.rows) { ${out}[to${i} + n${q}] = total${i}_${q}; }`;
  const move = (i: number): string => repeat(across, (q) => `total${i}_${q} = total${i + STORED_ROWS}_${q};`, ' ');
  return `  for (var i = top; i < min(top + ${rows}u, s.rows); i += ${STORED_ROWS}u) {
    ${repeat(STORED_ROWS, (i) => `let to${i} = outRow(i + ${i}u, s);`, '\n    ')}
    ${repeat(STORED_ROWS, (i) => repeat(across, (q) => store(q, i), '\n    '), '\n    ')}
    ${repeat(rows - STORED_ROWS, move, '\n    ')}
  }`;
}

import {
  fittingWidth,
  insideOf,
  isReadByFours,
  QUAD,
  repeat,
  type GemmForm,
  type GemmProduct,
  type GemmStrategy,
  type GemmTile,
} from './gemmCode.ts';
import { wgslSliceByLanes } from './gemmSlice.ts';

/**
 * How lanes load A: depths that lie next to each other, in `runs` of one pixel or `lines` of several, `rows` that do, or `fours`
 * of rows at once, which begin at multiples of 4 floats.
 */
type LaneLoads = 'runs' | 'lines' | 'rows' | 'fours';

/** How lanes of a subgroup divide a tile. */
interface LaneTile {
  /** Lanes that share the same rows: all, or a quad. */
  readonly size: number;
  /** Rows and columns of a lane. */
  readonly rows: number;
  readonly across: number;
  /** Rows of a lane, where they are shared out. */
  readonly parts: number;
}

/**
 * Strategy `subgroup` of 8 lanes or more. Lanes, or those of each quad, lie across the columns, and each computes all of their
 * rows. What lies next to each other in A is loaded by neighboring lanes, which hand it to the others. A turn of the innermost
 * loop adds one depth: drivers run it fast while its text is short.
 */
export function subgroupForm({ lanes, rows }: GemmStrategy, product: GemmProduct): GemmForm {
  const loads = laneLoads(lanes, rows, product);
  const tile = { rows, columns: tileColumns(lanes, product) };
  return { tile, main: ([, b, out]) => subgroupMain(lanes, tile, loads, [b, out]) };
}

/** Lanes have 8 or 4 floats of a row each; where half of them would be idle, quads have rows of their own. */
function tileColumns(lanes: number, { element, columns }: GemmProduct): number {
  return fittingWidth(columns, element === 'f32' ? [4 * lanes, 2 * lanes] : [2 * lanes, lanes, QUAD]);
}

function laneLoads(lanes: number, rows: number, product: GemmProduct): LaneLoads {
  const { addressing, channels, slices } = product;
  if (!addressing.rowsAdjacent) return slices.some(({ run = 0 }) => run > channels) ? 'lines' : 'runs';
  return isReadByFours(product) && rows % (4 * lanes) === 0 ? 'fours' : 'rows';
}

function subgroupMain(lanes: number, tile: GemmTile, loads: LaneLoads, [b, out]: readonly [string, string]): string {
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
  ${
    loads === 'runs' || loads === 'lines'
      ? loopOverRuns(shape, b, loads === 'lines')
      : loopOverRows(shape, b, held.count, loads === 'fours')
  }
${storeInLoop(shape, out)}
}`;
}

function shapeOf(lanes: number, tile: GemmTile): LaneTile {
  const size = Math.min(lanes, tile.columns);
  const rows = (tile.rows * size) / lanes;
  return { size, rows, across: tile.columns / size, parts: Math.ceil(rows / size) };
}

/**
 * The position of rows in the image is computed once per run. Of a run of several pixels each float is checked, which costs wide
 * tiles 14 to 27 % where runs have one.
 */
function loopOverRuns(shape: LaneTile, b: string, inLines: boolean): string {
  const { size, parts } = shape;
  const locate = inLines
    ? insideOf
    : (p: number): string => `let first${p} = select(OUTSIDE, place${p}.x, isInside(place${p}, s));`;
  const load = inLines
    ? (p: number): string => `let a${p} = select(0f, elementA(place${p}.x + c), c - begin${p} < count${p});`
    : (p: number): string => `let a${p} = select(elementA(first${p} + c), 0f, first${p} == OUTSIDE);`;
  return `var tapNumber = 0u;
  for (var k = s.depthBegin; k < s.depthEnd; k += s.run) {
    let tap = tapAt(tapNumber, s);
    tapNumber++;
    ${repeat(parts, (p) => `let place${p} = part${p} + tap.xyz;`, '\n    ')}
    ${repeat(parts, locate, '\n    ')}
    for (var c = 0u; c < s.run; c++) {
      let line = s.b + (tap.w + c) * s.bStride;
      ${repeat(parts, load, '\n      ')}
      ${addDepth(shape, b, (i) => ofLane('a', i, size))}
    }
  }`;
}

/** Lanes load rows of the same depth, one or four in turn. */
function loopOverRows(shape: LaneTile, b: string, loads: number, fours: boolean): string {
  const { size } = shape;
  const load = (p: number): string => `let a${p} = ${fours ? 'loadFour' : 'loadA'}(part${p} + depth, s);`;
  const four = (i: number): string => ofLane('a', Math.floor(i / 4), size) + `[${i % 4}]`;
  return `for (var k = s.depthBegin; k < s.depthEnd; k++) {
    let depth = depthAt(k, s);
    let line = bRow(k, s);
    ${repeat(loads, load, '\n    ')}
    ${addDepth(shape, b, (i) => (fours ? four(i) : ofLane('a', i, size)))}
  }`;
}

/** Adds a depth to the sums, given its `line` of B and its element of each row of A. */
function addDepth({ rows, across }: LaneTile, b: string, a: (row: number) => string): string {
  const add = (i: number): string =>
    repeat(across, (q) => `total${i}_${q} = fma(V(x${i}), b${q}, total${i}_${q});`, ' ');
  return `${repeat(across, (q) => `let b${q} = ${b}[line + n${q}];`, '\n      ')}
      ${repeat(rows, (i) => `let x${i} = ${a(i)}; ${add(i)}`, '\n      ')}`;
}

/** Number i of values that lanes hold in turn, as name0, name1, …; within a quad, a lane that the compiler knows is faster. */
function ofLane(name: string, i: number, size: number): string {
  const share = size <= QUAD ? 'quadBroadcast' : 'subgroupBroadcast';
  return `${share}(${name}${Math.floor(i / size)}, ${i % size}u)`;
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

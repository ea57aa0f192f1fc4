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

/** Floats of a row of the result that a quad computes, where it has as many. */
const WIDE = 32;

/** Operations below which a product takes the smallest tile, which compiles in a tenth to a third of the time. */
const SMALL_FLOP = 2 ** 21;

/** What the text of a kernel depends on. */
interface QuadTile {
  readonly rows: number;
  /** Elements of a row of the result that a lane computes, and their floats. */
  readonly across: number;
  readonly width: number;
  /** A is read by fours: of depths, or of rows where those lie next to each other. */
  readonly fours: boolean;
  /** Rows that a lane loads at once, and how often it does. */
  readonly together: number;
  readonly parts: number;
  /** Depths of a turn of the loop. */
  readonly depths: number;
}

/**
 * Strategy `subgroup` of 4 lanes. The driver that has them, SwiftShader, loads from storage lane by lane (36 instructions a float,
 * 29 where four are loaded at once), takes 15 instructions for a broadcast but one for a swap within a quad, stores a variable
 * that outlives a turn through a mask (10), and runs texts that are longer than caches at one instruction a cycle. So lanes load
 * rows by fours and hand them round by swaps: sum s of four belongs to another row in each lane. All depths of a turn are added
 * to a float in one expression, which stays in a register.
 */
export function quadForm(strategy: GemmStrategy, product: GemmProduct): GemmForm {
  const width = product.element === 'vec4f' ? 4 : 1;
  const { rowsAdjacent } = product.addressing;
  const fours = isReadByFours(product);
  const together = fours && rowsAdjacent ? 4 : 1;
  const [wide, narrow] = [WIDE / width, WIDE / 2 / width];
  const isSmall = product.flop < SMALL_FLOP;
  const rows = isSmall ? QUAD * together : strategy.rows;
  const columns = isSmall ? narrow : fittingWidth(product.columns, [wide, narrow]);
  const shape = {
    rows,
    across: columns / QUAD,
    width,
    fours,
    together,
    parts: rows / QUAD / together,
    // Four compile for minutes where floats are loaded one by one.
    depths: fours ? 4 : 2,
  };
  const tile = { rows, columns };
  return { tile, main: (operands) => quadMain(shape, tile, rowsAdjacent, operands) };
}

function quadMain(
  shape: QuadTile,
  tile: GemmTile,
  rowsAdjacent: boolean,
  [a, b, out]: readonly [string, string, string],
): string {
  const { across, together, parts } = shape;
  const rowOf = (p: number): string => `min(top + ${together}u * (${p * QUAD}u + lane), s.rows - ${together}u)`;
  return `${wgslSliceByLanes(QUAD)}
// All lanes hold the same slice and stay together, which WGSL's uniformity analysis can't prove.
@diagnostic(off, subgroup_uniformity)
@compute @workgroup_size(${QUAD})
fn main(@builtin(workgroup_id) group: vec3u, @builtin(subgroup_invocation_id) lane: u32) {
  let s = sliceByLanes(group.z, lane);
  let tile = tileAt(group, s);
  let top = tile.y * ${tile.rows}u;
  if (top >= s.rows) { return; }
  let left = tile.x * ${tile.columns}u + lane;
  ${repeat(across, (q) => `let n${q} = min(left + ${q * QUAD}u, s.columns - 1u);`)}
  ${repeat(parts, (p) => `let i${p} = ${rowOf(p)};`)}
  ${repeat(parts, (p) => `let part${p} = rowPart(i${p}, s);`)}
  ${forSums(shape, (sum) => `var total${sum} = 0f;`)}
  ${rowsAdjacent ? loopOverDepths(shape, b) : loopOverRuns(shape, a, b)}
  ${store(shape, out)}
}`;
}

/** The position of rows in the image is computed once per run. A run whose length is odd ends with a depth of zeros. */
function loopOverRuns(shape: QuadTile, a: string, b: string): string {
  const { parts, depths, fours } = shape;
  const isIn = (p: number, d: number): string => `c + ${d}u - begin${p} < count${p}`;
  const within = (d: number): string => (fours ? `c + ${d}u` : `min(c + ${d}u, s.run - 1u)`);
  const load = fours
    ? (p: number): string => handRound(`a${p}`, `select(vec4f(), ${a}[(place${p}.x + c) >> 2u], ${isIn(p, 0)})`)
    : (p: number): string =>
        repeat(depths, (d) => handRound(`a${p}d${d}`, `select(0f, elementA(place${p}.x + c + ${d}u), ${isIn(p, d)})`));
  return `var tapNumber = 0u;
  for (var k = s.depthBegin; k < s.depthEnd; k += s.run) {
    let tap = tapAt(tapNumber, s);
    tapNumber++;
    ${repeat(parts, (p) => `let place${p} = part${p} + tap.xyz;`, '\n    ')}
    ${repeat(parts, insideOf, '\n    ')}
    for (var c = 0u; c < s.run; c += ${depths}u) {
      let firstLine = s.b + tap.w * s.bStride;
      ${repeat(parts, load, '\n      ')}
      ${addDepths(
        shape,
        b,
        (d) => `firstLine + (${within(d)}) * s.bStride`,
        (d, p, swap) => (fours ? `a${p}_${swap}[${d}]` : `a${p}d${d}_${swap}`),
      )}
    }
  }`;
}

function loopOverDepths(shape: QuadTile, b: string): string {
  const { parts, depths, fours } = shape;
  const load = (d: number, p: number): string =>
    handRound(`a${d}_${p}`, `${fours ? 'loadFour' : 'loadA'}(part${p} + depth${d}, s)`);
  const valueOf = (d: number, p: number, swap: number, row: number): string =>
    `a${d}_${p}_${swap}` + (fours ? `[${row}]` : '');
  return `for (var k = s.depthBegin; k < s.depthEnd; k += ${depths}u) {
    ${repeat(depths, (d) => `let depth${d} = depthAt(k + ${d}u, s);`, '\n    ')}
    ${repeat(depths, (d) => repeat(parts, (p) => load(d, p), '\n    '), '\n    ')}
    ${addDepths(shape, b, (d) => `bRow(min(k + ${d}u, s.depthEnd - 1u), s)`, valueOf)}
  }`;
}

const SWAPS = ['quadSwapX', 'quadSwapY', 'quadSwapDiagonal'];

/** name_s: of each lane the value of lane ^ s. */
function handRound(name: string, value: string): string {
  return `let ${name}_0 = ${value}; ` + SWAPS.map((swap, s) => `let ${name}_${s + 1} = ${swap}(${name}_0);`).join(' ');
}

/**
 * Adds the depths of a turn to all sums. `lineOf`: where a depth's row of B begins; `valueOf`: what lanes multiply it with, by
 * depth, part, swap and row within the part.
 */
function addDepths(
  shape: QuadTile,
  b: string,
  lineOf: (depth: number) => string,
  valueOf: (depth: number, part: number, swap: number, row: number) => string,
): string {
  const { rows, across, width, depths } = shape;
  const loadB = (d: number): string =>
    `let line${d} = ${lineOf(d)}; ` + repeat(across, (q) => `let b${d}_${q} = ${b}[line${d} + n${q}];`, ' ');
  const sum = (name: string, q: number, float: string): string => {
    let expression = name;
    for (let d = 0; d < depths; d++) expression = `fma(x${d}, b${d}_${q}${float}, ${expression})`;
    return `${name} = ${expression};`;
  };
  const addRow = (i: number): string => `{
      ${repeat(depths, (d) => `let x${d} = ${valueOf(d, ...placeOf(i, shape))};`, ' ')}
      ${repeat(across, (q) => floats(width, (float, e) => sum(`total${i}_${q}_${e}`, q, float)))}
    }`;
  return `${repeat(depths, loadB, '\n    ')}
    ${repeat(rows, addRow, '\n    ')}`;
}

/** Rows beyond the last were computed as the last is, and go to the same place. */
function store(shape: QuadTile, out: string): string {
  const { rows, across, width, together, parts } = shape;
  const to = (p: number): string => repeat(together, (row) => handRound(`to${p}_${row}`, `outRow(i${p} + ${row}u, s)`));
  const value = (i: number, q: number): string =>
    `V(${Array.from({ length: width }, (_, e) => `total${i}_${q}_${e}`).join(', ')})`;
  const storeRow = (i: number, q: number): string => {
    const [part, swap, row] = placeOf(i, shape);
    return `${out}[to${part}_${row}_${swap} + n${q}] = ${value(i, q)};`;
  };
  return `${repeat(parts, to)}
  ${repeat(
    across,
    (q) => `if (left + ${q * QUAD}u < s.columns) {
    ${repeat(rows, (i) => storeRow(i, q), '\n    ')}
  }`,
  )}`;
}

/** Part, swap and row within the part of sum i. */
function placeOf(i: number, { together }: QuadTile): [part: number, swap: number, row: number] {
  return [Math.floor(i / (QUAD * together)), Math.floor(i / together) % QUAD, i % together];
}

/** Floats of an element, as they are named in WGSL. */
function floats(width: number, line: (float: string, index: number) => string): string {
  return width === 1 ? line('', 0) : repeat(width, (e) => line(`[${e}]`, e), ' ');
}

function forSums({ rows, across, width }: QuadTile, line: (sum: string) => string): string {
  return repeat(rows, (i) => repeat(across, (q) => repeat(width, (e) => line(`${i}_${q}_${e}`), ' '), ' '));
}

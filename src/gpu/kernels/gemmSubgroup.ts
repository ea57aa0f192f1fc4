import { repeat, type GemmAddressing, type GemmStrategy, type GemmTile } from './gemmCode.ts';
import { loopOverDepths, loopOverRows, loopOverRuns, ofLane, QUAD, type LaneTile } from './gemmDepths.ts';
import { wgslSliceByLanes } from './gemmSlice.ts';

export function subgroupTile(
  { lanes, rows }: Pick<GemmStrategy, 'lanes' | 'rows'>,
  columns: number,
  element: 'f32' | 'vec4f',
): GemmTile {
  // With twice the columns 3×3 convolutions take 1.5 times as long.
  if (lanes <= 4) return { rows, columns: 4 * lanes };
  // Lanes have 4 floats of a row each. Where half of them would be idle, quads have rows of their own.
  const width = element === 'vec4f' ? 1 : 4;
  const isNarrow = (columns - 1) % (lanes * width) < (lanes * width) / 2;
  return { rows, columns: isNarrow ? (element === 'vec4f' ? QUAD : 2 * lanes) : width * lanes };
}

/**
 * Lanes, or those of each quad, lie across the columns, and each computes all of their rows. What lies next to each other in A is loaded by neighboring
 * lanes, which hand it to the others.
 * @param wholeRuns depths come in runs of a multiple of TURN_DEPTHS that lie next to each other in memory and, where elements are
 * vectors, begin at multiples of 4 floats
 */
export function subgroupMain(
  lanes: number,
  addressing: GemmAddressing,
  tile: GemmTile,
  element: 'f32' | 'vec4f',
  wholeRuns: boolean,
  [b, out]: readonly [string, string],
): string {
  const shape = shapeOf(lanes, tile, element, b);
  const { size, rows, across, parts } = shape;
  const loop = addressing.rowsAdjacent && lanes <= 4 ? loopOverRows : wholeRuns ? loopOverRuns : loopOverDepths;
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
  ${repeat(parts, (p) => `let i${p} = min(top + ${p * size}u + lane, s.rows - 1u);`)}
  ${repeat(parts, (p) => `let part${p} = rowPart(i${p}, s);`)}
  ${repeat(rows, (i) => repeat(across, (q) => `var total${i}_${q} = V();`, ' '))}
  ${loop(shape)}
${lanes <= 4 ? storeEach(shape, out) : storeInLoop(shape, out)}
}`;
}

function shapeOf(lanes: number, tile: GemmTile, element: 'f32' | 'vec4f', b: string): LaneTile {
  const size = Math.min(lanes, tile.columns);
  const rows = (tile.rows * size) / lanes;
  return { size, rows, across: tile.columns / size, parts: Math.ceil(rows / size), isUnrolled: lanes > 4, element, b };
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

/**
 * The driver with 8 lanes compiles a store into forty branches: a loop, of a length that the driver can't know, stores the
 * first row and moves the others up.
 */
function storeInLoop({ size, rows, across }: LaneTile, out: string): string {
  const moves = repeat(rows - 1, (i) => repeat(across, (q) => `total${i}_${q} = total${i + 1}_${q};`, ' '), '\n    ');
  return `  for (var i = top; i < min(top + ${rows}u, s.rows); i++) {
    let to = outRow(i, s);
    ${repeat(across, (q) => `if (left + ${q * size}u < s.columns) { ${out}[to + n${q}] = total0_${q}; }`, '\n    ')}
    ${moves}
  }`;
}

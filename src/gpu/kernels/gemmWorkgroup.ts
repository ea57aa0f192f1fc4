import { repeat, type GemmAddressing, type GemmTile } from './gemmCode.ts';

/** Threads of a workgroup, and the depth of a tile in workgroup memory. */
const THREADS = 128;
const DEPTH = 8;

/** Fewer columns leave threads for more rows, up to twice as many: a tile of A has to fit into memory. */
export function workgroupTile(rows: number, columns: number): GemmTile {
  if (columns > 8) return { rows, columns: 16 };
  return { rows: 2 * rows, columns: columns > 4 ? 8 : 4 };
}

/** Strategy `workgroup`: all threads load a tile of A and one of B, then each multiplies its rows by its column. */
export function workgroupMain({ rowsAdjacent }: GemmAddressing, tile: GemmTile, b: string, out: string): string {
  const { rows, columns } = tile;
  const rowsEach = (rows * columns) / THREADS;
  // Neighboring threads load what lies next to each other in memory: rows, or depths.
  const width = rowsAdjacent ? Math.min(rows, THREADS) : THREADS / DEPTH;
  const height = THREADS / width;
  const [rowLocal, depthLocal] = rowsAdjacent
    ? [`thread % ${width}u`, `thread / ${width}u`]
    : [`thread / ${DEPTH}u`, `thread % ${DEPTH}u`];
  const [rowLoads, depthLoads] = [rows / width, DEPTH / height];
  // 4 more floats a line: writes of one column go to different banks.
  const line = rows + 4;
  const load = (r: number, d: number): string =>
    `tileA[(depthLocal + ${d * height}u) * ${line}u + rowLocal + ${r * width}u] = loadA(row${r} + depth${d}, s);`;
  const multiply = (step: number): string => `{
        let row = tileB[(j + ${step}u) * ${columns}u + thread % ${columns}u];
        let at = (j + ${step}u) * ${line}u + topLocal;
        ${repeat(rowsEach, (i) => `sum${i} = fma(V(tileA[at + ${i}u]), row, sum${i});`, '\n        ')}
      }`;
  return `
var<workgroup> tileA: array<f32, ${DEPTH * line}>;
var<workgroup> tileB: array<V, ${DEPTH * columns}>;
@compute @workgroup_size(${THREADS})
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) thread: u32) {
  let s = sliceAt(group.z);
  let tile = tileAt(group, s);
  if (tile.y * ${rows}u >= s.rows) { return; }
  let rowLocal = ${rowLocal};
  let depthLocal = ${depthLocal};
  let left = tile.x * ${columns}u + thread % ${columns}u;
  let topLocal = thread / ${columns}u * ${rowsEach}u;
  let top = tile.y * ${rows}u + topLocal;
  let n = min(left, s.columns - 1u);
  ${repeat(rowLoads, (r) => `let row${r} = rowPart(min(tile.y * ${rows}u + rowLocal + ${r * width}u, s.rows - 1u), s);`)}
  ${repeat(rowsEach, (i) => `var sum${i} = V();`)}
  for (var k = s.depthBegin; k < s.depthEnd; k += ${DEPTH}u) {
    ${repeat(depthLoads, (d) => `let depth${d} = depthAt(k + depthLocal + ${d * height}u, s);`, '\n    ')}
    ${repeat(depthLoads, (d) => repeat(rowLoads, (r) => load(r, d), '\n    '), '\n    ')}
    // The threads of the first ${DEPTH} lines have one element of B each.
    if (thread < ${DEPTH * columns}u) {
      tileB[thread] = ${b}[bRow(min(k + thread / ${columns}u, s.depthEnd - 1u), s) + n];
    }
    workgroupBarrier();
    // Two at a time, up to a bound from the table: CPU adapters compile all of them unrolled slowly.
    let end = min(${DEPTH}u, s.depthEnd - k);
    for (var j = 0u; j < end; j += 2u) {
      ${repeat(2, multiply, '\n      ')}
    }
    workgroupBarrier();
  }
  if (left >= s.columns || top >= s.rows) { return; }
  // Rows beyond the last were computed as the last is, and go to the same place.
  ${repeat(rowsEach, (i) => `${out}[outRow(min(top + ${i}u, s.rows - 1u), s) + n] = sum${i};`)}
}`;
}

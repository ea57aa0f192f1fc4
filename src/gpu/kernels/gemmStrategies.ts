import { repeat, type GemmAddressing, type GemmStrategy, type GemmTile } from './gemmCode.ts';
import { subgroupMain, subgroupTile } from './gemmSubgroup.ts';
import { workgroupMain, workgroupTile } from './gemmWorkgroup.ts';

/** Rows a thread of strategy `register` computes. */
const REGISTER_ROWS = 8;

/** Returns the tile of a strategy for a result of that many columns (elements of the arrays). */
export function gemmTile(strategy: GemmStrategy, columns: number, element: 'f32' | 'vec4f'): GemmTile {
  switch (strategy.kind) {
    case 'subgroup':
      return subgroupTile(strategy.size, columns, element);
    case 'register':
      return columns > 4 ? { rows: REGISTER_ROWS, columns: 8 } : { rows: 2 * REGISTER_ROWS, columns: 4 };
    case 'workgroup':
      return workgroupTile(columns);
  }
}

/** Whether A, B and the result are read and written by fours. */
export function readsVectors(strategy: GemmStrategy): boolean {
  return strategy.kind !== 'subgroup' || strategy.size > 4;
}

/**
 * The entry point of a strategy, on top of `gemmHelpers`; `wholeRuns` as in `subgroupMain`, `b` and `out` name arrays.
 */
export function gemmMain(
  strategy: GemmStrategy,
  addressing: GemmAddressing,
  tile: GemmTile,
  element: 'f32' | 'vec4f',
  wholeRuns: boolean,
  [b, out]: readonly [string, string],
): string {
  switch (strategy.kind) {
    case 'subgroup':
      return subgroupMain(strategy.size, addressing, tile, element, wholeRuns, [b, out]);
    case 'register':
      return registerMain(tile, b, out);
    case 'workgroup':
      return workgroupMain(addressing, tile, b, out);
  }
}

/** Each thread by itself. */
function registerMain({ rows, columns }: GemmTile, b: string, out: string): string {
  return `
@compute @workgroup_size(${columns}, ${rows / REGISTER_ROWS})
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) thread: vec3u) {
  let s = sliceAt(group.z);
  let tile = tileAt(group, s);
  let n = tile.x * ${columns}u + thread.x;
  let top = tile.y * ${rows}u + thread.y * ${REGISTER_ROWS}u;
  if (top >= s.rows || n >= s.columns) { return; }
  ${repeat(REGISTER_ROWS, (i) => `let row${i} = rowPart(min(top + ${i}u, s.rows - 1u), s);`)}
  ${repeat(REGISTER_ROWS, (i) => `var sum${i} = V();`)}
  for (var k = s.depthBegin; k < s.depthEnd; k++) {
    let depth = depthAt(k, s);
    let row = ${b}[bRow(k, s) + n];
    ${repeat(REGISTER_ROWS, (i) => `sum${i} = fma(V(loadA(row${i} + depth, s)), row, sum${i});`, '\n    ')}
  }
  // Rows beyond the last were computed as the last is, and go to the same place.
  ${repeat(REGISTER_ROWS, (i) => `${out}[outRow(min(top + ${i}u, s.rows - 1u), s) + n] = sum${i};`)}
}`;
}

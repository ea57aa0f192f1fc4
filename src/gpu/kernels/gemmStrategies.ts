import { repeat, type GemmAddressing, type GemmStrategy, type GemmTile } from './gemmCode.ts';
import type { LaneLoads } from './gemmDepths.ts';
import { subgroupMain, subgroupTile } from './gemmSubgroup.ts';
import { workgroupMain, workgroupTile } from './gemmWorkgroup.ts';

/** Returns the tile of a strategy for a result of that many columns (elements of the arrays); `loads` as in `gemmMain`. */
export function gemmTile(
  strategy: GemmStrategy,
  columns: number,
  element: 'f32' | 'vec4f',
  loads: LaneLoads,
): GemmTile {
  switch (strategy.kind) {
    case 'subgroup':
      return subgroupTile(strategy, columns, element, loads);
    case 'register':
      return columns > 4 ? { rows: strategy.rows, columns: 8 } : { rows: 2 * strategy.rows, columns: 4 };
    case 'workgroup':
      return workgroupTile(strategy.rows, columns);
  }
}

/**
 * The entry point of a strategy, on top of `gemmHelpers`; `loads` are those of strategy `subgroup`, `b` and `out` name
 * arrays.
 */
export function gemmMain(
  strategy: GemmStrategy,
  addressing: GemmAddressing,
  tile: GemmTile,
  loads: LaneLoads,
  [b, out]: readonly [string, string],
): string {
  switch (strategy.kind) {
    case 'subgroup':
      return subgroupMain(strategy.lanes, tile, loads, [b, out]);
    case 'register':
      return registerMain(strategy.rows, tile, b, out);
    case 'workgroup':
      return workgroupMain(addressing, tile, b, out);
  }
}

/** Each thread by itself. */
function registerMain(rowsEach: number, { rows, columns }: GemmTile, b: string, out: string): string {
  return `
@compute @workgroup_size(${columns}, ${rows / rowsEach})
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) thread: vec3u) {
  let s = sliceAt(group.z);
  let tile = tileAt(group, s);
  let n = tile.x * ${columns}u + thread.x;
  let top = tile.y * ${rows}u + thread.y * ${rowsEach}u;
  if (top >= s.rows || n >= s.columns) { return; }
  ${repeat(rowsEach, (i) => `let row${i} = rowPart(min(top + ${i}u, s.rows - 1u), s);`)}
  ${repeat(rowsEach, (i) => `var sum${i} = V();`)}
  for (var k = s.depthBegin; k < s.depthEnd; k++) {
    let depth = depthAt(k, s);
    let row = ${b}[bRow(k, s) + n];
    ${repeat(rowsEach, (i) => `sum${i} = fma(V(loadA(row${i} + depth, s)), row, sum${i});`, '\n    ')}
  }
  // Rows beyond the last were computed as the last is, and go to the same place.
  ${repeat(rowsEach, (i) => `${out}[outRow(min(top + ${i}u, s.rows - 1u), s) + n] = sum${i};`)}
}`;
}

import { QUAD, repeat, type GemmForm, type GemmProduct, type GemmStrategy, type GemmTile } from './gemmCode.ts';
import { quadForm } from './gemmQuad.ts';
import { subgroupForm } from './gemmSubgroup.ts';
import { workgroupMain, workgroupTile } from './gemmWorkgroup.ts';

export function gemmForm(strategy: GemmStrategy, product: GemmProduct): GemmForm {
  const { kind, lanes, rows } = strategy;
  const { addressing, columns } = product;
  switch (kind) {
    case 'subgroup':
      return lanes === QUAD ? quadForm(strategy, product) : subgroupForm(strategy, product);
    case 'register': {
      const tile = columns > 4 ? { rows, columns: 8 } : { rows: 2 * rows, columns: 4 };
      return { tile, main: ([, b, out]) => registerMain(rows, tile, b, out) };
    }
    case 'workgroup': {
      const tile = workgroupTile(rows, columns);
      return { tile, main: ([, b, out]) => workgroupMain(addressing, tile, b, out) };
    }
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

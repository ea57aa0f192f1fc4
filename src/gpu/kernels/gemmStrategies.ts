import { repeat, type GemmAddressing, type GemmStrategy, type GemmTile } from './gemmCode.ts';
import { workgroupMain, workgroupTile } from './gemmWorkgroup.ts';
import { wgslSliceByLanes } from './gemmSlice.ts';

/** Rows a thread of strategy `register` computes. */
const REGISTER_ROWS = 8;

/** The tile that a strategy takes for a result of that many columns (elements of the arrays). */
export function gemmTile(strategy: GemmStrategy, columns: number, element: 'f32' | 'vec4f'): GemmTile {
  switch (strategy.kind) {
    case 'subgroup': {
      // Tuned on SwiftShader (4 lanes) and llvmpipe (8).
      if (element === 'vec4f') return { rows: 24, columns: strategy.size };
      if (strategy.size <= 4) return { rows: 8, columns: strategy.size * 4 };
      // Lanes have 4 columns each, or 2 where that leaves fewer idle. More rows are little faster and compile slowly.
      const narrow = isNarrow(strategy.size, columns);
      return { rows: narrow ? 24 : 16, columns: strategy.size * (narrow ? 2 : 4) };
    }
    case 'register':
      return columns > 4 ? { rows: REGISTER_ROWS, columns: 8 } : { rows: 2 * REGISTER_ROWS, columns: 4 };
    case 'workgroup':
      return workgroupTile(columns);
  }
}

/** Whether B and the result are read and written by fours: with 8 lanes, unless half of them would be idle. */
export function readsVectors(strategy: GemmStrategy, n: number): boolean {
  return strategy.kind !== 'subgroup' || (strategy.size > 4 && !isNarrow(strategy.size, n));
}

function isNarrow(lanes: number, columns: number): boolean {
  return (columns - 1) % (lanes * 4) < lanes * 2;
}

/** The entry point of a strategy, on top of `gemmHelpers`; `b` and `out` name arrays. */
export function gemmMain(
  strategy: GemmStrategy,
  addressing: GemmAddressing,
  tile: GemmTile,
  [b, out]: readonly [string, string],
): string {
  switch (strategy.kind) {
    case 'subgroup':
      return subgroupMain(strategy.size, tile, b, out);
    case 'register':
      return registerMain(tile, b, out);
    case 'workgroup':
      return workgroupMain(addressing, tile, b, out);
  }
}

/**
 * Lanes lie across the columns, and each computes all rows. A lane loads one depth of each row of A, and hands it to the
 * others.
 */
function subgroupMain(size: number, { rows, columns }: GemmTile, b: string, out: string): string {
  const across = columns / size;
  const parts = Math.ceil(rows / size);
  const ofLane = (name: string, i: number): string => `subgroupBroadcast(${name}${Math.floor(i / size)}, ${i % size}u)`;
  const step = (lane: string, share: string): string => `{
      let line = ${share}(bRows, ${lane});
      ${repeat(across, (q) => `let b${q} = ${b}[line + n${q}];`, '\n      ')}
      var a: f32;
      ${repeat(rows, (i) => `a = ${share}(a${i}, ${lane}); ${addRow(i)}`, '\n      ')}
    }`;
  const addRow = (i: number): string => repeat(across, (q) => `sum${i}_${q} = fma(V(a), b${q}, sum${i}_${q});`, ' ');
  // The driver with 4 lanes is slow at shuffles from a lane it doesn't know; that with 8 compiles long texts slowly.
  const steps =
    size <= 4
      ? repeat(size, (lane) => step(`${lane}u`, 'subgroupBroadcast'), '\n    ')
      : `let end = min(${size}u, s.depthEnd - k);
    for (var j = 0u; j < end; j++) ${step('j', 'subgroupShuffle')}`;
  return `${wgslSliceByLanes(size)}
// All lanes hold the same slice and stay together, which the language can't see.
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
  ${repeat(rows, (i) => `let row${i} = ${ofLane('part', i)};`)}
  ${repeat(rows, (i) => repeat(across, (q) => `var sum${i}_${q} = V();`, ' '))}
  for (var k = s.depthBegin; k < s.depthEnd; k += ${size}u) {
    let depth = depthAt(k + lane, s);
    let bRows = bRow(min(k + lane, s.depthEnd - 1u), s);
    ${repeat(rows, (i) => `let a${i} = loadA(row${i} + depth, s);`, '\n    ')}
    ${steps}
  }
  // Rows beyond the last were computed as the last is, and go to the same place.
  ${repeat(parts, (p) => `let to${p} = outRow(i${p}, s);`)}
  ${repeat(rows, (i) => `let out${i} = ${ofLane('to', i)};`)}
  ${repeat(
    across,
    (q) => `if (left + ${q * size}u < s.columns) {
    ${repeat(rows, (i) => `${out}[out${i} + n${q}] = sum${i}_${q};`, '\n    ')}
  }`,
  )}
}`;
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

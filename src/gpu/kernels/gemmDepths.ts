import { repeat } from './gemmCode.ts';

export const QUAD = 4;

/** How lanes of a subgroup divide a tile. */
export interface LaneTile {
  /** Lanes that share the same rows: all, or a quad. */
  readonly size: number;
  /** Rows and columns of a lane. */
  readonly rows: number;
  readonly across: number;
  /** Rows of a lane, where they are shared out. */
  readonly parts: number;
  /** Depths added at once. */
  readonly depths: number;
  readonly element: 'f32' | 'vec4f';
  readonly b: string;
}

/** Broadcasts the value of one lane; within four lanes, a lane that the compiler knows is faster. */
function shareOf(value: string, lane: number, size: number): string {
  return `${size <= QUAD ? 'quadBroadcast' : 'subgroupBroadcast'}(${value}, ${lane}u)`;
}

/** Number i of values that lanes hold in turn, as name0, name1, … */
export function ofLane(name: string, i: number, size: number): string {
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

/** Adds the next depths to the sums. */
function addDepths(shape: LaneTile, depthOf: (depth: number) => Depth): string {
  return shape.depths > 4 ? atOnce(shape, depthOf) : byScopes(shape, depthOf);
}

/**
 * Row by row: in a loop the driver with 8 lanes loads, blends and stores a sum whenever it changes, which all depths of a row
 * share.
 */
function atOnce({ depths: count, rows, across, b }: LaneTile, depthOf: (depth: number) => Depth): string {
  const depths = Array.from({ length: count }, (_, d) => depthOf(d));
  const load = ({ line }: Depth, d: number): string =>
    `let line${d} = ${line}; ${repeat(across, (q) => `let b${d}_${q} = ${b}[line${d} + n${q}];`, ' ')}`;
  const sum = (i: number, q: number): string =>
    depths.reduce((before, _, d) => `fma(x${i}_${d}, b${d}_${q}, ${before})`, `total${i}_${q}`);
  const row = (i: number): string =>
    `${depths.map(({ a }, d) => `let x${i}_${d} = V(${a(i)});`).join(' ')}
      ${repeat(across, (q) => `total${i}_${q} = ${sum(i, q)};`, ' ')}`;
  return `${depths.map(load).join('\n      ')}
      ${repeat(rows, row, '\n      ')}`;
}

/** The driver with 4 lanes is slow at variables: each depth declares new names for its sums, in a scope within the one before. */
function byScopes({ size, rows, across, b }: LaneTile, depthOf: (depth: number) => Depth): string {
  const forSums = (line: (sum: string) => string): string =>
    repeat(rows, (i) => repeat(across, (q) => line(`${i}_${q}`), ' '), '\n    ');
  const scope = (depth: number): string => {
    const { before = '', line, a } = depthOf(depth);
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
export function loopOverRuns(shape: LaneTile): string {
  const { depths, parts, element } = shape;
  const { lanes, load, a } = element === 'vec4f' ? fours(shape) : singles(shape);
  return `var tapNumber = 0u;
  for (var k = s.depthBegin; k < s.depthEnd; k += s.run) {
    let tap = tapAt(tapNumber, s);
    tapNumber++;
    ${repeat(parts, (p) => `let place${p} = part${p} + tap.xyz;`, '\n    ')}
    ${repeat(parts, (p) => `let first${p} = select(OUTSIDE, place${p}.x, isInside(place${p}, s));`, '\n    ')}
    ${lanes}
    for (var c = 0u; c < s.run; c += ${depths}u) {
      let firstLine = s.b + (tap.w + c) * s.bStride;
      ${load}
      ${addDepths(shape, (d) => ({ line: `firstLine + ${d}u * s.bStride`, a: (i) => a(i, d) }))}
    }
  }`;
}

/** How lanes load A within a run. */
interface RunLoad {
  /** Where the rows of this lane begin, from first0, … */
  readonly lanes: string;
  /** Loads what lies at depth c and behind it. */
  readonly load: string;
  /** The element of row i at depth c + d. */
  a(i: number, d: number): string;
}

/** Each lane loads one depth of every row. */
function singles({ size, rows }: LaneTile): RunLoad {
  return {
    lanes: repeat(rows, (i) => `let from${i} = ${ofLane('first', i, size)};`, '\n    '),
    load: repeat(
      rows,
      (i) => `let a${i} = select(elementA(from${i} + c + lane), 0f, from${i} == OUTSIDE);`,
      '\n      ',
    ),
    a: (i, d) => shareOf(`a${i}`, d, size),
  };
}

/** Each lane loads four depths of a row. */
function fours({ size, rows, depths }: LaneTile): RunLoad {
  const perRow = depths / 4;
  const together = size / perRow;
  const first = (p: number): string =>
    `subgroupShuffle(first${Math.floor((p * together) / size)}, thread - lane + ${(p * together) % size}u + lane / ${perRow}u)`;
  return {
    lanes: repeat(rows / together, (p) => `let from${p} = ${first(p)};`, '\n    '),
    load: repeat(
      rows / together,
      (p) => `let a${p} = select(vectorA(from${p} + c + lane % ${perRow}u * 4u), vec4f(), from${p} == OUTSIDE);`,
      '\n      ',
    ),
    a: (i, d) => shareOf(`a${Math.floor(i / together)}[${d % 4}]`, (i % together) * perRow + Math.floor(d / 4), size),
  };
}

/** Depths lie anywhere in A: each lane finds its own. */
export function loopOverDepths(shape: LaneTile): string {
  const { size, rows, depths } = shape;
  const each = (line: (h: number) => string): string => repeat(depths / size, line, '\n    ');
  return `${repeat(rows, (i) => `let row${i} = ${ofLane('part', i, size)};`)}
  for (var k = s.depthBegin; k < s.depthEnd; k += ${depths}u) {
    ${each((h) => `let k${h} = k + ${h * size}u + lane;`)}
    ${each((h) => `let depth${h} = depthAt(k${h}, s);`)}
    ${each((h) => `let bRows${h} = bRow(min(k${h}, s.depthEnd - 1u), s);`)}
    ${repeat(rows, (i) => each((h) => `let a${i}_${h} = loadA(row${i} + depth${h}, s);`), '\n    ')}
    ${addDepths(shape, (d) => ({ line: ofLane('bRows', d, size), a: (i) => ofLane(`a${i}_`, d, size) }))}
  }`;
}

/** Rows lie side by side in A: lanes load rows of the same depth. */
export function loopOverRows(shape: LaneTile): string {
  const { size, parts } = shape;
  const depthOf = (d: number): Depth => ({
    before: `let at = ${shareOf('depth', d, size)};
      ${repeat(parts, (p) => `let a${p} = loadA(part${p} + at, s);`, '\n      ')}`,
    line: shareOf('bRows', d, size),
    a: (i) => ofLane('a', i, size),
  });
  return `for (var k = s.depthBegin; k < s.depthEnd; k += ${size}u) {
    let depth = depthAt(k + lane, s);
    let bRows = bRow(min(k + lane, s.depthEnd - 1u), s);
    ${addDepths(shape, depthOf)}
  }`;
}

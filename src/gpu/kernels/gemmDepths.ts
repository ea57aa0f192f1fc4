import { repeat } from './gemmCode.ts';

export const QUAD = 4;

/** Depths that one turn of the innermost loop adds. */
export const TURN_DEPTHS = 4;

/** How lanes of a subgroup divide a tile. */
export interface LaneTile {
  /** Lanes that share the same rows: all, or a quad. */
  readonly size: number;
  /** Rows and columns of a lane. */
  readonly rows: number;
  readonly across: number;
  /** Rows of a lane, where they are shared out. */
  readonly parts: number;
  /** Whether all depths of a turn are added to a row at once. */
  readonly isUnrolled: boolean;
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
  return shape.isUnrolled ? atOnce(shape, depthOf) : byScopes(shape, depthOf);
}

/**
 * Row by row: in a loop the driver with 8 lanes loads, blends and stores a sum whenever it changes, which all depths of a row
 * share.
 */
function atOnce({ rows, across, b }: LaneTile, depthOf: (depth: number) => Depth): string {
  const depths = Array.from({ length: TURN_DEPTHS }, (_, d) => depthOf(d));
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
function byScopes({ rows, across, b }: LaneTile, depthOf: (depth: number) => Depth): string {
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
    ${repeat(TURN_DEPTHS, scope, '\n    ')}
    ${forSums((sum) => `total${sum} = sum${sum};`)}
    ${'}'.repeat(TURN_DEPTHS + 1)}`;
}

/** Depths lie side by side in A, in runs: the position of rows in the image is computed once per run. */
export function loopOverRuns(shape: LaneTile): string {
  const { parts, element } = shape;
  const { before, load, a } = element === 'vec4f' ? fours(shape) : singles(shape);
  return `var tapNumber = 0u;
  for (var k = s.depthBegin; k < s.depthEnd; k += s.run) {
    let tap = tapAt(tapNumber, s);
    tapNumber++;
    ${repeat(parts, (p) => `let place${p} = part${p} + tap.xyz;`, '\n    ')}
    ${repeat(parts, (p) => `let first${p} = select(OUTSIDE, place${p}.x, isInside(place${p}, s));`, '\n    ')}
    ${before}
    for (var c = 0u; c < s.run; c += ${TURN_DEPTHS}u) {
      let firstLine = s.b + (tap.w + c) * s.bStride;
      ${load}
      ${addDepths(shape, (d) => ({ line: `firstLine + ${d}u * s.bStride`, a: (i) => a(i, d) }))}
    }
  }`;
}

/** How lanes load A within a run. */
interface RunLoad {
  readonly before: string;
  /** Loads what lies at depth c and behind it. */
  readonly load: string;
  /** The element of row i at depth c + d. */
  a(i: number, d: number): string;
}

/** Each lane loads one depth at a time. */
function singles(shape: LaneTile): RunLoad {
  const { values, ofRow, a } = byDepth(shape);
  return {
    before: repeat(values, (v) => `let from${v} = ${ofRow('first', v)};`, '\n    '),
    load: repeat(
      values,
      (v) => `let a${v} = select(elementA(from${v} + c + lane % ${TURN_DEPTHS}u), 0f, from${v} == OUTSIDE);`,
      '\n      ',
    ),
    a,
  };
}

/** Each lane loads the depths of its own rows. */
function fours({ size, parts }: LaneTile): RunLoad {
  return {
    before: '',
    load: repeat(
      parts,
      (p) => `let a${p} = select(vectorA(first${p} + c), vec4f(), first${p} == OUTSIDE);`,
      '\n      ',
    ),
    a: (i, d) => shareOf(`a${Math.floor(i / size)}[${d}]`, i % size, size),
  };
}

/** Depths lie anywhere in A: each lane finds its own. */
export function loopOverDepths(shape: LaneTile): string {
  const { size } = shape;
  const { values, ofRow, a } = byDepth(shape);
  return `${repeat(values, (v) => `let row${v} = ${ofRow('part', v)};`)}
  for (var k = s.depthBegin; k < s.depthEnd; k += ${TURN_DEPTHS}u) {
    let own = k + lane % ${TURN_DEPTHS}u;
    let depth = depthAt(own, s);
    let bRows = bRow(min(own, s.depthEnd - 1u), s);
    ${repeat(values, (v) => `let a${v} = loadA(row${v} + depth, s);`, '\n    ')}
    ${addDepths(shape, (d) => ({ line: shareOf('bRows', d, size), a: (i) => a(i, d) }))}
  }`;
}

/** Elements of A shared out to lanes: `size` / TURN_DEPTHS rows at all depths of a turn make a value, a0, … */
function byDepth({ size, rows }: LaneTile) {
  const together = size / TURN_DEPTHS;
  return {
    values: rows / together,
    /** Of what lanes hold in turn for rows, what belongs to this lane's row of a value. */
    ofRow: (name: string, value: number): string =>
      together === 1
        ? ofLane(name, value, size)
        : `subgroupShuffle(${name}${Math.floor((value * together) / size)}, ${(value * together) % size}u + lane / ${TURN_DEPTHS}u)`,
    a: (i: number, d: number): string =>
      shareOf(`a${Math.floor(i / together)}`, (i % together) * TURN_DEPTHS + d, size),
  };
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
  return `for (var k = s.depthBegin; k < s.depthEnd; k += ${TURN_DEPTHS}u) {
    let depth = depthAt(k + lane, s);
    let bRows = bRow(min(k + lane, s.depthEnd - 1u), s);
    ${addDepths(shape, depthOf)}
  }`;
}

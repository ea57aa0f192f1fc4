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
  /** Depths that one turn of the innermost loop adds. */
  readonly depths: number;
}

/**
 * How lanes load A: `depths` anywhere in memory, or in `runs` of a multiple of `LaneTile.depths` that lie next to each
 * other; `rows` that do, or `fours` of them at once, which begin at multiples of 4 floats.
 */
export type LaneLoads = 'depths' | 'runs' | 'rows' | 'fours';

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

/**
 * Adds the next depths to the sums. The driver with 4 lanes is slow at variables: each depth declares new names for its
 * sums, in a scope within the one before.
 */
function addDepths({ rows, across, depths }: LaneTile, b: string, depthOf: (depth: number) => Depth): string {
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
    ${repeat(depths, scope, '\n    ')}
    ${forSums((sum) => `total${sum} = sum${sum};`)}
    ${'}'.repeat(depths + 1)}`;
}

/** The position of rows in the image is computed once per run. */
export function loopOverRuns(shape: LaneTile, b: string): string {
  const { parts, depths } = shape;
  const { values, ofRow, a } = byDepth(shape);
  const load = (v: number): string =>
    `let a${v} = select(elementA(from${v} + c + lane % ${depths}u), 0f, from${v} == OUTSIDE);`;
  return `var tapNumber = 0u;
  for (var k = s.depthBegin; k < s.depthEnd; k += s.run) {
    let tap = tapAt(tapNumber, s);
    tapNumber++;
    ${repeat(parts, (p) => `let place${p} = part${p} + tap.xyz;`, '\n    ')}
    ${repeat(parts, (p) => `let first${p} = select(OUTSIDE, place${p}.x, isInside(place${p}, s));`, '\n    ')}
    ${repeat(values, (v) => `let from${v} = ${ofRow('first', v)};`, '\n    ')}
    for (var c = 0u; c < s.run; c += ${depths}u) {
      let firstLine = s.b + (tap.w + c) * s.bStride;
      ${repeat(values, load, '\n      ')}
      ${addDepths(shape, b, (d) => ({ line: `firstLine + ${d}u * s.bStride`, a: (i) => a(i, d) }))}
    }
  }`;
}

/** Each lane finds its own depth. */
export function loopOverDepths(shape: LaneTile, b: string): string {
  const { size, depths } = shape;
  const { values, ofRow, a } = byDepth(shape);
  return `${repeat(values, (v) => `let row${v} = ${ofRow('part', v)};`)}
  for (var k = s.depthBegin; k < s.depthEnd; k += ${depths}u) {
    let own = k + lane % ${depths}u;
    let depth = depthAt(own, s);
    let bRows = bRow(min(own, s.depthEnd - 1u), s);
    ${repeat(values, (v) => `let a${v} = loadA(row${v} + depth, s);`, '\n    ')}
    ${addDepths(shape, b, (d) => ({ line: shareOf('bRows', d, size), a: (i) => a(i, d) }))}
  }`;
}

/** Elements of A shared out to lanes: `size` / `depths` rows at all depths of a turn make a value, a0, … */
function byDepth({ size, rows, depths }: LaneTile) {
  const together = size / depths;
  return {
    values: rows / together,
    /** Of what lanes hold in turn for rows, what belongs to this lane's row of a value. */
    ofRow: (name: string, value: number): string => (depths === 1 ? `${name}${value}` : ofLane(name, value, size)),
    a: (i: number, d: number): string => shareOf(`a${Math.floor(i / together)}`, (i % together) * depths + d, size),
  };
}

/** Lanes load rows of the same depth, one or four in turn. */
export function loopOverRows(shape: LaneTile, b: string, fours: boolean): string {
  const { size, parts, depths } = shape;
  const load = (p: number): string => `let a${p} = ${fours ? 'loadFour' : 'loadA'}(part${p} + at, s);`;
  const four = (i: number): string => ofLane('a', Math.floor(i / 4), size) + `[${i % 4}]`;
  const depthOf = (d: number): Depth => ({
    before: `let at = ${shareOf('depth', d, size)};
      ${repeat(fours ? parts / 4 : parts, load, '\n      ')}`,
    line: shareOf('bRows', d, size),
    a: (i) => (fours ? four(i) : ofLane('a', i, size)),
  });
  return `for (var k = s.depthBegin; k < s.depthEnd; k += ${depths}u) {
    let depth = depthAt(k + lane, s);
    let bRows = bRow(min(k + lane, s.depthEnd - 1u), s);
    ${addDepths(shape, b, depthOf)}
  }`;
}

import type { ExpressionWriter } from './expression.ts';
import { prelude } from './functions.ts';
import type { Frame } from './fusedKernel.ts';
import type { Combine, ReduceNode } from '../graph.ts';
import type { Statements } from './scope.ts';

/** Header: outputs (outer·inner), length, inner, threads per output; then the offset of each output and map. */
export const RESERVED = 4;

/** Division of the elements: vectors across columns, vectors along a reduced row, or single elements. */
export type RowLayout = 'columns' | 'along' | 'scalar';

export interface Written {
  readonly writer: ExpressionWriter;
  /** Statements for one element `i`, and the names of the maps before and the inputs there. */
  readonly element: Statements;
  readonly stored: readonly string[];
  readonly inputs: readonly string[];
  /** Statements for one output `o`, and its values. */
  readonly finish: Statements;
  readonly outputs: readonly string[];
  /** Statements for one element `i` of the maps after it, and their names. */
  readonly after: Statements;
  readonly mapped: readonly string[];
}

/** Accumulators of each way to combine: type, start, taking in `x` (element r of the row), joining `a` with `b`. */
const COMBINE: Readonly<
  Record<Combine, { type: string; start: string; take: (x: string) => string; join: string; result: string }>
> = {
  sum: { type: 'T', start: 'T(0)', take: (x) => `a + ${x}`, join: 'a + b', result: 'a' },
  max: { type: 'T', start: 'T(-3.4e38)', take: (x) => `max(a, ${x})`, join: 'max(a, b)', result: 'a' },
  // (largest, Σ exp(x − largest))
  logSumExp: {
    type: 'vec2f',
    start: 'vec2f(-3.4e38, 0)',
    take: (x) => `joinExp(a, vec2f(${x}, 1))`,
    join: 'joinExp(a, b)',
    result: '(a.x + log(a.y))',
  },
  // (largest, its index)
  argMax: {
    type: 'vec2f',
    start: 'vec2f(-3.4e38, 0)',
    take: (x) => `joinBest(a, vec2f(${x}, f32(r)))`,
    join: 'joinBest(a, b)',
    result: 'a.y',
  },
};

const JOINS: Readonly<Record<string, string>> = {
  joinExp: `fn joinExp(a: vec2f, b: vec2f) -> vec2f {
  let top = max(a.x, b.x);
  return vec2f(top, a.y * exp(a.x - top) + b.y * exp(b.x - top));
}`,
  joinBest: `fn joinBest(a: vec2f, b: vec2f) -> vec2f {
  let second = b.x > a.x || (b.x == a.x && b.y < a.y);
  return select(a, b, second);
}`,
};

/** Threads that share one output; a subgroup, or as many as hand their part on through workgroup memory. */
export interface Team {
  readonly threads: number;
  readonly isSubgroup: boolean;
  /** Threads of a workgroup: those of one team or more. */
  readonly workgroup: number;
}

/** WGSL of a reduction. `out`: arrays of the outputs, then of the maps. */
export function reduceCode(
  node: ReduceNode,
  written: Written,
  layout: RowLayout,
  team: Team,
  out: readonly string[],
  { number, main }: Frame,
): string {
  const { start, take, result } = COMBINE[node.combine];
  const count = node.inputs.length;
  const each = (line: (index: number) => string): string[] => Array.from({ length: count }, (_, index) => line(index));
  const step = layout === 'along' ? 4 : 1;
  const vectorOut = layout === 'columns';
  const total = (n: number): string => {
    const whole = `total${n}`;
    const value = result.replace(/\ba\b/g, `acc${n}`);
    return layout === 'along'
      ? `let ${whole} = T(${node.combine === 'max' ? `max(max(acc${n}.x, acc${n}.y), max(acc${n}.z, acc${n}.w))` : `acc${n}.x + acc${n}.y + acc${n}.z + acc${n}.w`});`
      : `let ${whole} = ${value};`;
  };
  const results = out.slice(0, node.finish.length);
  const hasMaps = written.mapped.length > 0;
  const at = (index: number, where: string): string =>
    vectorOut ? `${out[index]}[(out${index} + ${where}) >> 2u]` : `${out[index]}[out${index} + ${where}]`;
  const lines = [
    `let team = ${team.threads > 1 ? number(3) : '1u'};`,
    'let lane = thread % team;',
    `let o = (start + thread / team) * ${vectorOut ? 4 : 1}u;`,
    `let outputs = ${number(0)};`,
    `let length = ${number(1)};`,
    `let inner = ${number(2)};`,
    ...out.map((_, index) => `let out${index} = ${number(RESERVED + index)};`),
    ...written.writer.headerReads(number),
    'let first = (o / inner) * length * inner + o % inner;',
    ...each((n) => `var acc${n} = ${start};`),
    ...written.element.once,
    'if (o < outputs) {',
    `  for (var r = ${step}u * lane; r < length; r += ${step}u * team) {`,
    '    let i = first + r * inner;',
    ...written.element.each.map((line) => `    ${line}`),
    ...written.stored.map((name, index) => `    ${at(results.length + index, 'i')} = ${name};`),
    ...each((n) => `    { let a = acc${n}; acc${n} = ${take(written.inputs[n])}; }`),
    '  }',
    '}',
    ...gatherLines(node, team),
    ...(hasMaps ? results.map((_, index) => `var result${index} = T();`) : []),
    `if (o < outputs && lane == 0u) {`,
    ...each((n) => `  ${total(n)}`),
    ...written.finish.each.map((line) => `  ${line}`),
    ...written.outputs.map((value, index) => {
      if (layout === 'along') {
        return `  { let t = ${value}; let at = out${index} + o; ${out[index]}[at >> 2u][at & 3u] = t.x; }`;
      }
      const stored = `${at(index, 'o')} = ${hasMaps ? `result${index}` : value};`;
      return hasMaps ? `  result${index} = ${value}; ${stored}` : `  ${stored}`;
    }),
    '}',
    ...mapLines(written, team, results.length, (index) => at(results.length + written.stored.length + index, 'i')),
  ];
  const body = main(lines, team.workgroup);
  const joins = Object.keys(JOINS).filter((name) => body.includes(`${name}(`));
  const declarations = [...joins.map((name) => JOINS[name]), ...sharedMemory(node, team, hasMaps ? results.length : 0)];
  return [prelude(body, written.writer.vector), ...declarations, body].join('\n');
}

/** Workgroup memory for the accumulators of a team, and for its `results` that the maps need. */
function sharedMemory(
  { combine, inputs }: ReduceNode,
  { threads, isSubgroup, workgroup }: Team,
  results: number,
): string[] {
  if (threads === 1 || isSubgroup) return [];
  const { type } = COMBINE[combine];
  return [
    ...inputs.map((_, n) => `var<workgroup> shared${n}: array<${type}, ${workgroup}>;`),
    ...Array.from({ length: results }, (_, n) => `var<workgroup> given${n}: array<T, ${workgroup / threads}>;`),
  ];
}

/** Joins the accumulators of a team; the first of its threads has the whole. */
function gatherLines({ combine, inputs }: ReduceNode, { threads, isSubgroup }: Team): string[] {
  if (threads === 1) return [];
  const joinWith = (n: number, other: string): string =>
    `{ let a = acc${n}; let b = ${other}; acc${n} = ${COMBINE[combine].join}; }`;
  if (isSubgroup) {
    const distances = Array.from({ length: Math.log2(threads) }, (_, power) => 2 ** power);
    return distances.flatMap((by) => inputs.map((_, n) => joinWith(n, `subgroupShuffleXor(acc${n}, ${by}u)`)));
  }
  return [
    ...inputs.map((_, n) => `shared${n}[thread] = acc${n};`),
    'workgroupBarrier();',
    'if (lane == 0u) {',
    '  for (var k = thread + 1u; k < thread + team; k++) {',
    ...inputs.map((_, n) => `    ${joinWith(n, `shared${n}[k]`)}`),
    '  }',
    '}',
  ];
}

/** The loop over the maps of a row, with the outputs handed from lane 0 to the others. */
function mapLines(written: Written, team: Team, results: number, at: (index: number) => string): string[] {
  const { mapped, after } = written;
  if (mapped.length === 0) return [];
  const each = (line: (index: number) => string): string[] =>
    Array.from({ length: results }, (_, index) => line(index));
  const handed = team.isSubgroup
    ? each((n) => `result${n} = subgroupBroadcast(result${n}, 0u);`)
    : [
        `if (lane == 0u) { ${each((n) => `given${n}[thread / team] = result${n};`).join(' ')} }`,
        'workgroupBarrier();',
        ...each((n) => `result${n} = given${n}[thread / team];`),
      ];
  return [
    ...(team.threads > 1 ? handed : []),
    'if (o < outputs) {',
    ...after.once.map((line) => `  ${line}`),
    '  for (var r = lane; r < length; r += team) {',
    '    let i = first + r * inner;',
    ...after.each.map((line) => `    ${line}`),
    ...mapped.map((name, index) => `    ${at(index)} = ${name};`),
    '  }',
    '}',
  ];
}

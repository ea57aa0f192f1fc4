import { defined } from '../../lib/defined.ts';
import { ExpressionWriter, isVectorizable, MIN_VECTOR, prelude, type Leaf, type Statements } from './expression.ts';
import { THREADS, type Frame, type FusedKernel } from './fusedKernel.ts';
import type { Access, Combine, ReduceNode, Term } from './graph.ts';
import type { Materialization } from './materialize.ts';

/** Header: outputs (outer·inner), length, inner, threads per output; then the offset of each output. */
const RESERVED = 4;

/** Division of the elements: vectors across columns, vectors along a reduced row, or single elements. */
type Layout = 'columns' | 'along' | 'scalar';

/** Computes a reduction with the maps that lead to it. */
export function reduceKernel(node: ReduceNode, materialization: Materialization): FusedKernel {
  const layouts: Layout[] = [];
  const large = node.outer * node.length * node.inner >= MIN_VECTOR;
  if (large && (node.combine === 'sum' || node.combine === 'max')) {
    if (node.inner % 4 === 0) layouts.push('columns');
    if (node.inner === 1 && node.length % 4 === 0 && node.finish.length === 1) layouts.push('along');
  }
  for (const layout of layouts) {
    const written = write(node, materialization, layout);
    if (written) return toKernel(node, written, layout);
  }
  return toKernel(node, defined(write(node, materialization, 'scalar'), 'scalar kernel'), 'scalar');
}

interface Written {
  readonly writer: ExpressionWriter;
  /** Statements for one element `i`, and the names of the inputs there. */
  readonly element: Statements;
  readonly inputs: readonly string[];
  /** Statements for one output `o`, and its values. */
  readonly finish: Statements;
  readonly outputs: readonly string[];
}

/** Returns undefined if the layout doesn't suit the operands. */
function write(node: ReduceNode, materialization: Materialization, layout: Layout): Written | undefined {
  const vector = layout !== 'scalar';
  const writer = new ExpressionWriter(materialization, vector, RESERVED + node.finish.length);
  const { length, inner } = node;
  // Along a row only the middle axis moves.
  const isFixed = ({ divisor, modulus }: Term): boolean =>
    divisor % (length * inner) === 0 || (modulus !== undefined && inner % (divisor * modulus) === 0);
  const holds = ({ terms }: Access): boolean => terms.every(isFixed);
  writer.enter({ index: 'i', fixed: { index: 'first', holds } });
  const inputs = node.inputs.map((value) => writer.value(value));
  const element = writer.take();
  writer.enter({ index: 'o' });
  const shape = [node.outer, node.inner];
  // Reduced rows end as single numbers: further operands would have to be loaded as single numbers, too.
  if (layout === 'along' && node.finishOperands.length > 0) return undefined;
  const args = node.finishOperands.map((operand) => writer.operand(operand, shape));
  const finish = writer.take();
  const fits = (leaf: Leaf): boolean => isVectorizable(leaf);
  if (vector && !(writer.vectorizable && writer.leaves.every(fits))) return undefined;
  const results = node.inputs.map((_, index) => `total${index}`);
  return { writer, element, inputs, finish, outputs: node.finish.map((form) => form([...results, ...args])) };
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

/** Threads that share one output: few where rows are short, so that no thread idles. */
function threadsPerOutput(length: number, columns: number): number {
  if (length <= 32) return 1;
  return columns >= 4 && length <= 4096 ? 16 : THREADS;
}

function toKernel(node: ReduceNode, written: Written, layout: Layout): FusedKernel {
  const { writer } = written;
  const { leaves } = writer;
  const step = layout === 'along' ? 4 : 1;
  const columns = (node.outer * node.inner) / (layout === 'columns' ? 4 : 1);
  const team = threadsPerOutput(node.length / step, columns);
  const outputs = node.outer * node.inner;
  const perGroup = THREADS / team;
  const writes = node.outputs;
  return {
    name: `reduce ${node.combine}`,
    vector: writer.vector,
    reads: leaves.map((leaf) => leaf.place),
    writes,
    workgroups: Math.ceil(columns / perGroup),
    span: perGroup,
    flop: outputs * node.length * (written.element.each.length + node.inputs.length),
    header: (offsets) => [
      ...[outputs, node.length, node.inner, team],
      ...writes.map((_, index) => offsets[leaves.length + index]),
      ...writer.header(offsets),
    ],
    code: (arrays, frame) => {
      const text = codeOf(node, written, layout, team, arrays.slice(leaves.length), frame);
      return writer.finish(text, arrays);
    },
  };
}

function codeOf(
  node: ReduceNode,
  written: Written,
  layout: Layout,
  team: number,
  out: readonly string[],
  { number, main }: Frame,
): string {
  const { type, start, take, join, result } = COMBINE[node.combine];
  const count = node.inputs.length;
  const each = (line: (index: number) => string): string[] => Array.from({ length: count }, (_, index) => line(index));
  const step = layout === 'along' ? 4 : 1;
  const vectorOut = layout === 'columns';
  const declarations = team > 1 ? each((n) => `var<workgroup> shared${n}: array<${type}, ${THREADS}>;`) : [];
  const gather =
    team === 1
      ? []
      : [
          ...each((n) => `shared${n}[thread] = acc${n};`),
          'workgroupBarrier();',
          'if (lane == 0u) {',
          '  for (var k = thread + 1u; k < thread + team; k++) {',
          ...each((n) => `    { let a = acc${n}; let b = shared${n}[k]; acc${n} = ${join}; }`),
          '  }',
          '}',
        ];
  const total = (n: number): string => {
    const whole = `total${n}`;
    const value = result.replace(/\ba\b/g, `acc${n}`);
    return layout === 'along'
      ? `let ${whole} = T(${node.combine === 'max' ? `max(max(acc${n}.x, acc${n}.y), max(acc${n}.z, acc${n}.w))` : `acc${n}.x + acc${n}.y + acc${n}.z + acc${n}.w`});`
      : `let ${whole} = ${value};`;
  };
  const body = main([
    `let team = ${team > 1 ? number(3) : '1u'};`,
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
    ...each((n) => `    { let a = acc${n}; acc${n} = ${take(written.inputs[n])}; }`),
    '  }',
    '}',
    ...gather,
    `if (o < outputs && lane == 0u) {`,
    ...each((n) => `  ${total(n)}`),
    ...written.finish.each.map((line) => `  ${line}`),
    ...written.outputs.map((value, index) => {
      const at = `out${index} + o`;
      if (vectorOut) return `  ${out[index]}[(${at}) >> 2u] = ${value};`;
      if (layout === 'along') return `  { let t = ${value}; let at = ${at}; ${out[index]}[at >> 2u][at & 3u] = t.x; }`;
      return `  ${out[index]}[${at}] = ${value};`;
    }),
    '}',
  ]);
  const joins = Object.keys(JOINS).filter((name) => body.includes(`${name}(`));
  return [prelude(body, written.writer.vector), ...joins.map((name) => JOINS[name]), ...declarations, body].join('\n');
}

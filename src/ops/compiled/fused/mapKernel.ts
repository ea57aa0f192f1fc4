import { sizeOf } from '../../../lib/shape.ts';
import { ExpressionWriter } from './expression.ts';
import { prelude } from './functions.ts';
import { THREADS, type FusedKernel } from './fusedKernel.ts';
import type { Access, Term, Value } from '../graph.ts';
import type { Materialization } from '../materialize.ts';
import type { Statements } from './scope.ts';

/** Header: elements, offset of the output. */
const RESERVED = 2;

/**
 * Computes a materialized map, or the value assigned to a variable, element by element; by fours where all operands
 * allow it. `chunk`: elements of a workgroup, a multiple of THREADS * 4.
 */
export function mapKernel(target: Value, materialization: Materialization, chunk: number): FusedKernel {
  const size = sizeOf(target.shape);
  if (size % 4 === 0) {
    const written = write(target, materialization, chunk, true);
    if (written.writer.vectorizable) return toKernel(target, size, chunk, written);
  }
  return toKernel(target, size, chunk, write(target, materialization, chunk, false));
}

interface Written {
  readonly writer: ExpressionWriter;
  readonly result: string;
  readonly statements: Statements;
}

function write(target: Value, materialization: Materialization, chunk: number, vector: boolean): Written {
  const writer = new ExpressionWriter(materialization, vector, RESERVED);
  const stride = THREADS * (vector ? 4 : 1);
  // A thread advances by `stride` elements within one chunk.
  const isFixed = ({ divisor, modulus }: Term): boolean =>
    divisor % chunk === 0 || (modulus !== undefined && stride % (divisor * modulus) === 0);
  const holds = ({ terms }: Access): boolean => terms.every(isFixed);
  writer.enter({ index: 'i', fixed: { index: 'begin', holds } });
  const result = writer.content(target);
  return { writer, result, statements: writer.take() };
}

function toKernel(target: Value, size: number, chunk: number, { writer, result, statements }: Written): FusedKernel {
  const step = writer.vector ? 4 : 1;
  const { leaves } = writer;
  const out = writer.vector ? '(out + i) >> 2u' : 'out + i';
  return {
    name: 'map',
    vector: writer.vector,
    usesSubgroups: false,
    reads: leaves.map((leaf) => leaf.place),
    writes: [target],
    workgroups: Math.ceil(size / chunk),
    span: chunk,
    flop: size * statements.each.length,
    header: (offsets) => [size, offsets[leaves.length], ...writer.header(offsets)],
    code: (arrays, { number, main }) => {
      const body = main([
        `let end = min(start + ${chunk}u, ${number(0)});`,
        `let out = ${number(1)};`,
        ...writer.headerReads(number),
        `let begin = start + ${step}u * thread;`,
        ...statements.once,
        `for (var i = begin; i < end; i += ${step * THREADS}u) {`,
        ...statements.each.map((line) => `  ${line}`),
        `  ${arrays[leaves.length]}[${out}] = ${result};`,
        '}',
      ]);
      return prelude(body, writer.vector) + writer.finish(body, arrays);
    },
  };
}

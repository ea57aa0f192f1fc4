import { broadcastAccess, SAME } from '../access.ts';
import { ExpressionWriter } from './expression.ts';
import { THREADS, type FusedKernel } from './fusedKernel.ts';
import type { Access, ReduceNode, Term, Value } from '../graph.ts';
import type { Materialization } from '../materialize.ts';
import { reduceCode, RESERVED, type RowLayout, type Team, type Written } from './reduceCode.ts';

/** Materialized maps of a reduction's [outer, length, inner] that are computed with it. */
export interface RowMaps {
  /** Reduced, and stored. */
  readonly before: readonly Value[];
  /** Need the outputs, in the order of the trace. */
  readonly after: readonly Value[];
}

export const NO_MAPS: RowMaps = { before: [], after: [] };

/**
 * Computes a reduction with the maps that lead to it or follow it. Returns undefined if one of them is needed, or needs an
 * output, at another position than its own. `lanes`: threads of a subgroup, where kernels may use them.
 */
export function reduceKernel(
  node: ReduceNode,
  materialization: Materialization,
  lanes: number | undefined,
  maps: RowMaps = NO_MAPS,
): FusedKernel | undefined {
  for (const layout of layoutsOf(node, maps)) {
    const written = write(node, materialization, layout, maps);
    if (written === 'elsewhere') return undefined;
    if (written) return toKernel(node, written, layout, lanes, maps);
  }
  throw new Error('a reduction has no layout');
}

function layoutsOf(node: ReduceNode, { before, after }: RowMaps): RowLayout[] {
  if (node.combine !== 'sum' && node.combine !== 'max') return ['scalar'];
  if (node.inner % 4 === 0) return ['columns', 'scalar'];
  const along =
    node.inner === 1 && node.length % 4 === 0 && node.finish.length === 1 && before.length + after.length === 0;
  return along ? ['along', 'scalar'] : ['scalar'];
}

/** Returns undefined if the layout doesn't suit the operands. */
function write(
  node: ReduceNode,
  materialization: Materialization,
  layout: RowLayout,
  { before, after: following }: RowMaps,
): Written | 'elsewhere' | undefined {
  const vector = layout !== 'scalar';
  const writer = new ExpressionWriter(
    materialization,
    vector,
    RESERVED + node.finish.length + before.length + following.length,
  );
  const { outer, length, inner } = node;
  // Along a row only the middle axis moves.
  const isFixed = ({ divisor, modulus }: Term): boolean =>
    divisor % (length * inner) === 0 || (modulus !== undefined && inner % (divisor * modulus) === 0);
  const row = { index: 'i', fixed: { index: 'first', holds: ({ terms }: Access): boolean => terms.every(isFixed) } };
  const named = (map: Value): string => {
    const name = writer.content(map);
    writer.give(map, { name, access: SAME });
    return name;
  };
  writer.enter(row);
  const stored = before.map(named);
  const inputs = node.inputs.map((value) => writer.value(value));
  const element = writer.take();
  writer.enter({ index: 'o' });
  // Reduced rows end as single numbers: further operands would have to be loaded as single numbers, too.
  if (layout === 'along' && node.finishOperands.length > 0) return undefined;
  const args = node.finishOperands.map((operand) => writer.operand(operand, [outer, inner]));
  const finish = writer.take();
  writer.enter(row);
  const ofRow = broadcastAccess([outer, 1, inner], [outer, length, inner]);
  node.outputs.forEach((value, index) => writer.give(value, { name: `result${index}`, access: ofRow }));
  const mapped = following.map(named);
  const after = writer.take();
  if (writer.gaveOtherwise) return 'elsewhere';
  if (vector && !writer.vectorizable) return undefined;
  const results = node.inputs.map((_, index) => `total${index}`);
  const outputs = node.finish.map((form) => form([...results, ...args]));
  return { writer, element, stored, inputs, finish, outputs, after, mapped };
}

/**
 * Few threads where rows are short, so that none idles. Drivers of CPUs run a workgroup on one core, so that sums with few
 * outputs need small ones, and compile workgroup memory six times as long as shuffles.
 */
function teamOf(length: number, columns: number, lanes: number | undefined): Team {
  const workgroup = lanes === undefined ? THREADS : THREADS / 2;
  if (length <= 64) return { threads: 1, isSubgroup: false, workgroup };
  if (lanes !== undefined) return { threads: lanes, isSubgroup: true, workgroup };
  return { threads: columns >= 4 && length <= 4096 ? 16 : THREADS, isSubgroup: false, workgroup };
}

function toKernel(
  node: ReduceNode,
  written: Written,
  layout: RowLayout,
  lanes: number | undefined,
  { before, after }: RowMaps,
): FusedKernel {
  const { writer } = written;
  const { leaves } = writer;
  const step = layout === 'along' ? 4 : 1;
  const columns = (node.outer * node.inner) / (layout === 'columns' ? 4 : 1);
  const team = teamOf(node.length / step, columns, lanes);
  const outputs = node.outer * node.inner;
  const perGroup = team.workgroup / team.threads;
  const writes = [...node.outputs, ...before, ...after];
  return {
    name: before.length + after.length > 0 ? `reduce ${node.combine} and map` : `reduce ${node.combine}`,
    vector: writer.vector,
    usesSubgroups: team.isSubgroup,
    reads: leaves.map((leaf) => leaf.place),
    writes,
    workgroups: Math.ceil(columns / perGroup),
    span: perGroup,
    flop: outputs * node.length * (written.element.each.length + node.inputs.length + written.after.each.length),
    header: (offsets) => [
      ...[outputs, node.length, node.inner, team.threads],
      ...writes.map((_, index) => offsets[leaves.length + index]),
      ...writer.header(offsets),
    ],
    code: (arrays, frame) => {
      const text = reduceCode(node, written, layout, team, arrays.slice(leaves.length), frame);
      return writer.finish(text, arrays);
    },
  };
}

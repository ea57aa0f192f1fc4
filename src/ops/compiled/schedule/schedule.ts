import { defined } from '../../../lib/defined.ts';
import { mergeKernels, type FusedKernel } from '../fused/fusedKernel.ts';
import type { Value } from '../graph.ts';
import { joinMaps } from './joinMaps.ts';
import { createKernelJobs, predecessors, type FusedTraits, type KernelJob, type Placed } from './kernelJobs.ts';
import type { Materialization, Place } from '../materialize.ts';
import { createReadyJobs } from './readyJobs.ts';

/** Work for one dispatch. */
export interface Dispatch {
  readonly reads: readonly Value[];
  readonly writes: readonly Value[];
  /** Ready to encode; more than one where operands of merged kernels lie in different pages. */
  place(pageOf: (value: Value) => number): readonly Placed[];
}

/**
 * Orders the work: everything after what it reads, and the overwriting of a variable after the last read of its old
 * content. Jobs of one form that are ready together become one dispatch, see `createReadyJobs`.
 */
export function schedule(
  materialization: Materialization,
  variables: readonly Value[],
  traits: FusedTraits,
): Dispatch[] {
  const single = createKernelJobs(materialization, traits);
  const jobs = joinMaps(single, predecessors(single, variables), materialization, traits.lanes);
  const ready = createReadyJobs(jobs, predecessors(jobs, variables));
  const dispatches: (readonly KernelJob[])[] = [];
  for (let group = ready.take(); group.length > 0; group = ready.take()) dispatches.push(group);
  if (dispatches.flat().length < jobs.length) throw new Error('a value is needed after its own replacement');
  const merged = new Set(dispatches.flatMap(([job, ...others]) => (others.length > 0 ? [job.form] : [])));
  return dispatches.map((group) => toDispatch(group, { forms: merged, lanes: traits.lanes }));
}

interface Merging {
  /** Forms that are merged at least once. */
  readonly forms: ReadonlySet<string | undefined>;
  /** Threads of a subgroup, where kernels may use them. */
  readonly lanes: number | undefined;
}

function toDispatch(group: readonly KernelJob[], merging: Merging): Dispatch {
  const fused: FusedKernel[] = [];
  const calls: Placed[] = [];
  for (const { work } of group) {
    if ('operands' in work) calls.push(work);
    else fused.push(work);
  }
  return {
    reads: group.flatMap((job) => job.reads),
    writes: group.flatMap((job) => job.writes),
    place: (pageOf) => [...placeCalls(calls, pageOf), ...placeFused(fused, group[0].form, merging, pageOf)],
  };
}

/** Groups what lies in the same pages, operand by operand. */
function byPages<Work>(
  works: readonly Work[],
  operandsOf: (work: Work) => readonly Place[],
  pageOf: (value: Value) => number,
): (readonly Work[])[] {
  const alike = new Map<string, Work[]>();
  for (const work of works) {
    const pages = operandsOf(work)
      .map(({ base }) => pageOf(base))
      .join();
    alike.set(pages, [...(alike.get(pages) ?? []), work]);
  }
  return [...alike.values()];
}

function placeCalls(calls: readonly Placed[], pageOf: (value: Value) => number): Placed[] {
  return byPages(calls, ({ operands }) => operands, pageOf).map(([first, ...others]) => ({
    kernel:
      others.length > 0
        ? defined(first.kernel.merging, 'merging').merge(others.map(({ kernel }) => kernel))
        : first.kernel,
    operands: [first, ...others].flatMap(({ operands }) => operands),
  }));
}

/** Merges kernels whose operands lie in the same pages. */
function placeFused(
  kernels: readonly FusedKernel[],
  form: string | undefined,
  { forms, lanes }: Merging,
  pageOf: (value: Value) => number,
): Placed[] {
  const operandsOf = ({ reads, writes }: FusedKernel): Place[] => [
    ...reads,
    ...writes.map((base) => ({ base, start: 0 })),
  ];
  return byPages(kernels, operandsOf, pageOf).map((group) => ({
    kernel: mergeKernels(group, forms.has(form), lanes),
    operands: group.flatMap(operandsOf),
  }));
}

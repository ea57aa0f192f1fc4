import type { AdapterProfile } from '../../gpu/adapterProfile.ts';
import type { Kernel } from '../../gpu/kernel.ts';
import { defined } from '../../lib/defined.ts';
import { formOf, mergeKernels, type FusedKernel } from './fusedKernel.ts';
import type { Value } from './graph.ts';
import type { Materialization, Place } from './materialize.ts';
import { mapKernel } from './mapKernel.ts';
import { reduceKernel } from './reduceKernel.ts';

/** A kernel and the memory of its operands, in the kernel's order. */
export interface Placed {
  readonly kernel: Kernel;
  readonly operands: readonly Place[];
}

/** Work for one dispatch. */
export interface Dispatch {
  readonly reads: readonly Value[];
  readonly writes: readonly Value[];
  /** Ready to encode; more than one where operands of merged kernels lie in different pages. */
  place(pageOf: (value: Value) => number): readonly Placed[];
}

interface Job {
  /** The order of the trace. */
  readonly id: number;
  readonly reads: readonly Value[];
  readonly writes: readonly Value[];
  readonly work: Placed | FusedKernel;
  /** Jobs with the same form can share one dispatch. */
  readonly form: string | undefined;
}

/** Traits of the adapter that shape fused kernels. */
export type FusedTraits = Pick<AdapterProfile, 'lanes' | 'mapChunk'>;

/**
 * Orders the work: everything after what it reads, the overwriting of a variable after the last read of its old
 * content, else as traced. Fused kernels of one form that are ready together become one dispatch, so that the
 * optimizer's many small updates take a handful of dispatches.
 */
export function schedule(
  materialization: Materialization,
  variables: readonly Value[],
  { lanes, mapChunk }: FusedTraits,
): Dispatch[] {
  const jobs = createJobs(materialization, mapChunk);
  const { waiting, followers } = dependencies(jobs, variables);
  const ready = jobs.filter((job) => waiting.get(job) === 0);
  const dispatches: Dispatch[] = [];
  const merged = new Set<string | undefined>();
  let done = 0;
  while (ready.length > 0) {
    ready.sort((a, b) => a.id - b.id);
    const [next] = ready;
    const group = next.form === undefined ? [next] : ready.filter((job) => job.form === next.form);
    if (group.length > 1) merged.add(next.form);
    dispatches.push(toDispatch(group, { forms: merged, lanes }));
    for (const job of group) {
      ready.splice(ready.indexOf(job), 1);
      done++;
      for (const follower of followers.get(job) ?? []) {
        const left = defined(waiting.get(follower), 'follower') - 1;
        waiting.set(follower, left);
        if (left === 0) ready.push(follower);
      }
    }
  }
  if (done < jobs.length) throw new Error('a value is needed after its own replacement');
  return dispatches;
}

function createJobs(materialization: Materialization, mapChunk: number): Job[] {
  const jobs: Job[] = [];
  const seen = new Set<unknown>();
  const bases = (places: readonly Place[]): Value[] => places.map(({ base }) => base);
  for (const value of materialization.produced) {
    const { origin, id } = value;
    const node = origin.kind === 'reduction' ? origin.reduction : origin.kind === 'call' ? origin.call : value;
    if (seen.has(node)) continue;
    seen.add(node);
    if (origin.kind === 'call') {
      const { inputs, outputs, kernel } = origin.call;
      const operands = [...inputs, ...outputs].map((operand) =>
        defined(materialization.place(operand), 'place of an operand'),
      );
      const reads = bases(operands.slice(0, inputs.length));
      jobs.push({ id, reads, writes: outputs, work: { kernel, operands }, form: undefined });
    } else {
      const fused =
        origin.kind === 'reduction'
          ? reduceKernel(origin.reduction, materialization)
          : mapKernel(value, materialization, mapChunk);
      jobs.push({ id, reads: bases(fused.reads), writes: fused.writes, work: fused, form: formOf(fused) });
    }
  }
  return jobs;
}

function dependencies(jobs: readonly Job[], variables: readonly Value[]) {
  const writer = new Map<Value, Job>();
  const readers = new Map<Value, Job[]>();
  for (const job of jobs) {
    for (const value of job.writes) writer.set(value, job);
    for (const value of job.reads) {
      readers.set(value, [...(readers.get(value) ?? []), job]);
    }
  }
  const before = new Map<Job, Set<Job>>(jobs.map((job) => [job, new Set()]));
  const addBefore = (job: Job, earlier: Job | undefined): void => {
    if (earlier) defined(before.get(job), 'job').add(earlier);
  };
  for (const job of jobs) {
    for (const value of job.reads) addBefore(job, writer.get(value));
  }
  for (const value of variables) {
    if (value.origin.kind !== 'assigned') continue;
    const previous = value.origin.before;
    const own = defined(writer.get(value), 'writer of a variable');
    for (const reader of readers.get(previous) ?? []) if (reader !== own) addBefore(own, reader);
    addBefore(own, writer.get(previous));
  }
  const waiting = new Map<Job, number>();
  const followers = new Map<Job, Job[]>();
  for (const [job, earlier] of before) {
    earlier.delete(job);
    waiting.set(job, earlier.size);
    for (const one of earlier) followers.set(one, [...(followers.get(one) ?? []), job]);
  }
  return { waiting, followers };
}

interface Merging {
  /** Forms that are merged at least once. */
  readonly forms: ReadonlySet<string | undefined>;
  /** Threads of a subgroup, where kernels may use them. */
  readonly lanes: number | undefined;
}

function toDispatch(group: readonly Job[], merging: Merging): Dispatch {
  const fused: FusedKernel[] = [];
  const calls: Placed[] = [];
  for (const { work } of group) {
    if ('operands' in work) calls.push(work);
    else fused.push(work);
  }
  return {
    reads: group.flatMap((job) => job.reads),
    writes: group.flatMap((job) => job.writes),
    place: (pageOf) => [...calls, ...placeFused(fused, group[0].form, merging, pageOf)],
  };
}

/** Merges kernels whose operands lie in the same pages, position by position. */
function placeFused(
  kernels: readonly FusedKernel[],
  form: string | undefined,
  { forms, lanes }: Merging,
  pageOf: (value: Value) => number,
): Placed[] {
  const alike = new Map<string, FusedKernel[]>();
  const operandsOf = ({ reads, writes }: FusedKernel): Place[] => [
    ...reads,
    ...writes.map((base) => ({ base, start: 0 })),
  ];
  for (const kernel of kernels) {
    const pages = operandsOf(kernel)
      .map(({ base }) => pageOf(base))
      .join();
    alike.set(pages, [...(alike.get(pages) ?? []), kernel]);
  }
  return [...alike.values()].map((group) => ({
    kernel: mergeKernels(group, forms.has(form), lanes),
    operands: group.flatMap(operandsOf),
  }));
}

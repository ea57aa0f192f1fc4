import type { AdapterProfile } from '../../../gpu/adapterProfile.ts';
import { defined } from '../../../lib/defined.ts';
import type { Kernel } from '../../../gpu/kernel.ts';
import { formOf, type FusedKernel } from '../fused/fusedKernel.ts';
import type { ReduceNode, Value } from '../graph.ts';
import type { Materialization, Place } from '../materialize.ts';
import { mapKernel } from '../fused/mapKernel.ts';
import { NO_MAPS, reduceKernel, type RowMaps } from '../fused/reduceKernel.ts';

/** A kernel and the memory of its operands, in the kernel's order. */
export interface Placed {
  readonly kernel: Kernel;
  readonly operands: readonly Place[];
}

/** Work of one kernel. */
export interface KernelJob {
  /** The order of the trace. */
  readonly id: number;
  readonly reads: readonly Value[];
  readonly writes: readonly Value[];
  readonly work: Placed | FusedKernel;
  /** Jobs with the same form can share one dispatch. */
  readonly form: string | undefined;
  /** The one map that is computed, or the reduction and the maps computed with it. */
  readonly map?: Value;
  readonly reduction?: { readonly node: ReduceNode; readonly maps: RowMaps };
}

/** Traits of the adapter that shape fused kernels. */
export type FusedTraits = Pick<AdapterProfile, 'lanes' | 'mapChunk'>;

/** One job for every kernel of a trace, in its order. */
export function createKernelJobs(materialization: Materialization, { lanes, mapChunk }: FusedTraits): KernelJob[] {
  const jobs: KernelJob[] = [];
  const seen = new Set<unknown>();
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
      const reads = operands.slice(0, inputs.length).map(({ base }) => base);
      jobs.push({ id, reads, writes: outputs, work: { kernel, operands }, form: kernel.merging?.form });
    } else if (origin.kind === 'reduction') {
      const work = defined(reduceKernel(origin.reduction, materialization, lanes), 'kernel of a reduction');
      jobs.push({ ...fusedJob(id, work), reduction: { node: origin.reduction, maps: NO_MAPS } });
    } else {
      jobs.push({ ...fusedJob(id, mapKernel(value, materialization, mapChunk)), map: value });
    }
  }
  return jobs;
}

export function fusedJob(id: number, work: FusedKernel): KernelJob {
  return { id, reads: work.reads.map(({ base }) => base), writes: work.writes, work, form: formOf(work) };
}

/** The jobs that each job has to follow. */
export function predecessors(
  jobs: readonly KernelJob[],
  variables: readonly Value[],
): ReadonlyMap<KernelJob, ReadonlySet<KernelJob>> {
  const writer = new Map<Value, KernelJob>();
  const readers = new Map<Value, KernelJob[]>();
  for (const job of jobs) {
    for (const value of job.writes) writer.set(value, job);
    for (const value of job.reads) {
      readers.set(value, [...(readers.get(value) ?? []), job]);
    }
  }
  const before = new Map<KernelJob, Set<KernelJob>>(jobs.map((job) => [job, new Set()]));
  const addBefore = (job: KernelJob, earlier: KernelJob | undefined): void => {
    if (earlier && earlier !== job) defined(before.get(job), 'job').add(earlier);
  };
  for (const job of jobs) {
    for (const value of job.reads) addBefore(job, writer.get(value));
  }
  for (const value of variables) {
    if (value.origin.kind !== 'assigned') continue;
    const previous = value.origin.before;
    const own = defined(writer.get(value), 'writer of a variable');
    for (const reader of readers.get(previous) ?? []) addBefore(own, reader);
    addBefore(own, writer.get(previous));
  }
  return before;
}

/** By the longest chain of jobs before each, then as traced. */
export function inOrder(
  jobs: readonly KernelJob[],
  before: ReadonlyMap<KernelJob, ReadonlySet<KernelJob>>,
): KernelJob[] {
  const levels = new Map<KernelJob, number>();
  const levelOf = (job: KernelJob): number => {
    const known = levels.get(job);
    if (known !== undefined) return known;
    const earlier = [...defined(before.get(job), 'job')].map(levelOf);
    const level = earlier.length === 0 ? 0 : 1 + Math.max(...earlier);
    levels.set(job, level);
    return level;
  };
  return [...jobs].sort((a, b) => levelOf(a) - levelOf(b) || a.id - b.id);
}

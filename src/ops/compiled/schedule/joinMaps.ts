import { defined } from '../../../lib/defined.ts';
import { sizeOf } from '../../../lib/shape.ts';
import type { ReduceNode, Value } from '../graph.ts';
import type { Materialization } from '../materialize.ts';
import { reduceKernel, type RowMaps } from '../fused/reduceKernel.ts';
import { fusedJob, inOrder, type KernelJob } from './kernelJobs.ts';

/** A longer row is mapped by a kernel of its own, which divides it among workgroups. */
const MAX_ROW = 4096;

/**
 * Joins maps to reductions, so that a normalization or a softmax is one kernel: a workgroup maps, reduces and maps its
 * rows. Whatever else a group needs comes before its first job: so two groups never wait for each other.
 */
export function joinMaps(
  jobs: readonly KernelJob[],
  before: ReadonlyMap<KernelJob, ReadonlySet<KernelJob>>,
  materialization: Materialization,
  lanes: number | undefined,
): KernelJob[] {
  const order = inOrder(jobs, before);
  const rank = new Map(order.map((job, index) => [job, index]));
  /** The first job of the group that a job was joined to, and what such a group has become. */
  const firsts = new Map<KernelJob, KernelJob>();
  const grown = new Map<KernelJob, KernelJob>();
  const rankOf = (job: KernelJob): number => defined(rank.get(job), 'job');

  /** Makes a job a member of the group it follows last, unless it needs another that isn't before that. */
  const join = (
    job: KernelJob,
    extend: (last: KernelJob) => { node: ReduceNode; maps: RowMaps; id: number } | undefined,
  ): void => {
    const earlier = [...defined(before.get(job), 'job')].map((one) => firsts.get(one) ?? one);
    const first = earlier.sort((a, b) => rankOf(b) - rankOf(a)).at(0);
    if (!first) return;
    const extended = extend(grown.get(first) ?? first);
    const work = extended && reduceKernel(extended.node, materialization, lanes, extended.maps);
    if (!work) return;
    const { node, maps, id } = extended;
    firsts.set(job, first);
    grown.set(first, { ...fusedJob(id, work), reduction: { node, maps } });
  };
  for (const job of order) {
    const { map, reduction } = job;
    if (map?.origin.kind === 'map') {
      join(job, ({ id, reduction: host }) => {
        if (!host || !covers(host.node, map) || host.node.length > MAX_ROW) return undefined;
        return { id, node: host.node, maps: { ...host.maps, after: [...host.maps.after, map] } };
      });
    } else if (reduction) {
      join(job, ({ map: lead }) => {
        if (lead?.origin.kind !== 'map' || !covers(reduction.node, lead)) return undefined;
        return { id: job.id, node: reduction.node, maps: { ...reduction.maps, before: [lead] } };
      });
    }
  }
  return order
    .filter((job) => !firsts.has(job))
    .map((job) => grown.get(job) ?? job)
    .sort((a, b) => a.id - b.id);
}

const covers = ({ outer, length, inner }: ReduceNode, map: Value): boolean =>
  sizeOf(map.shape) === outer * length * inner;

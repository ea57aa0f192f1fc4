import { defined } from '../../../lib/defined.ts';
import { sizeOf } from '../../../lib/shape.ts';
import type { ReduceNode, Value } from '../graph.ts';
import type { Materialization } from '../materialize.ts';
import { reduceKernel, type RowMaps } from '../fused/reduceKernel.ts';
import { fusedJob, type KernelJob } from './kernelJobs.ts';

/** A longer row is mapped by a kernel of its own, which divides it among workgroups. */
const MAX_ROW = 4096;

/** Jobs that become one, `first` of them the earliest. */
interface Group {
  readonly first: KernelJob;
  readonly job: KernelJob;
}

/**
 * Joins maps to reductions, so that a normalization or a softmax is one kernel: a workgroup maps, reduces and maps its
 * rows. Whatever else a group needs comes before its first job: so two groups never wait for each other.
 */
export function joinMaps(
  jobs: readonly KernelJob[],
  before: ReadonlyMap<KernelJob, ReadonlySet<KernelJob>>,
  materialization: Materialization,
): KernelJob[] {
  const order = inOrder(jobs, before);
  const rank = new Map(order.map((job, index) => [job, index]));
  const groups = new Map<KernelJob, Group>(jobs.map((job) => [job, { first: job, job }]));
  const members = new Map<Group, readonly KernelJob[]>();
  const groupOf = (job: KernelJob): Group => defined(groups.get(job), 'group');
  const rankOf = ({ first }: Group): number => defined(rank.get(first), 'job');

  /** Makes a job a member of the group it follows last, unless it needs another that isn't before that. */
  const join = (
    job: KernelJob,
    extend: (last: KernelJob) => { node: ReduceNode; maps: RowMaps; id: number } | undefined,
  ): void => {
    const earlier = [...new Set([...defined(before.get(job), 'job')].map(groupOf))];
    const [last] = earlier.sort((a, b) => rankOf(b) - rankOf(a));
    if (earlier.length === 0) return;
    const extended = extend(last.job);
    const work = extended && reduceKernel(extended.node, materialization, extended.maps);
    if (!work) return;
    const { node, maps, id } = extended;
    const group: Group = { first: last.first, job: { ...fusedJob(id, work), reduction: { node, maps } } };
    const all = [...(members.get(last) ?? [last.first]), job];
    members.set(group, all);
    for (const member of all) groups.set(member, group);
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
  return [...new Set(order.map((job) => groupOf(job).job))].sort((a, b) => a.id - b.id);
}

const covers = ({ outer, length, inner }: ReduceNode, map: Value): boolean =>
  sizeOf(map.shape) === outer * length * inner;

/** By the longest chain of jobs before each, then as traced. */
function inOrder(jobs: readonly KernelJob[], before: ReadonlyMap<KernelJob, ReadonlySet<KernelJob>>): KernelJob[] {
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

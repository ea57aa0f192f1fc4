import { defined } from '../../../lib/defined.ts';
import { sizeOf } from '../../../lib/shape.ts';
import type { Value } from '../graph.ts';
import { inOrder, type KernelJob } from './kernelJobs.ts';

/** Floats that jobs may keep in memory while they wait for others of their form: what waits is small, or the model is. */
const HELD_FLOATS = 2 ** 20;

interface ReadyJobs {
  /** Takes jobs of one form for the next dispatch; none when no job is ready. */
  take(): readonly KernelJob[];
}

/**
 * The jobs whose predecessors are done. A dispatch takes all of one form. Forms with further jobs on the way wait for
 * them, unless that keeps much in memory; else the job with the shortest chain of predecessors comes first, so that
 * the networks of student and teacher advance side by side.
 */
export function createReadyJobs(
  jobs: readonly KernelJob[],
  before: ReadonlyMap<KernelJob, ReadonlySet<KernelJob>>,
): ReadyJobs {
  const followers = new Map<KernelJob, KernelJob[]>(jobs.map((job) => [job, []]));
  for (const [job, earlier] of before) for (const one of earlier) defined(followers.get(one), 'job').push(job);
  const waiting = new Map(jobs.map((job) => [job, defined(before.get(job), 'job').size]));
  const rank = new Map(inOrder(jobs, before).map((job, index) => [job, index]));
  const rankOf = (job: KernelJob): number => defined(rank.get(job), 'job');
  const ready = jobs.filter((job) => waiting.get(job) === 0);
  /** Jobs of a form that aren't ready. */
  const onTheWay = new Map<string | undefined, Set<KernelJob>>();
  for (const job of jobs) {
    if (waiting.get(job) === 0) continue;
    const alike = onTheWay.get(job.form) ?? new Set();
    onTheWay.set(job.form, alike.add(job));
  }
  const descends = ancestry(jobs, before);

  const canGrow = (group: readonly KernelJob[]): boolean => {
    const [{ form }] = group;
    if (form === undefined) return false;
    const held = new Set(group.flatMap(({ reads }) => reads).filter(({ origin }) => origin.kind !== 'variable'));
    if ([...held].reduce((total, { shape }: Value) => total + sizeOf(shape), 0) > HELD_FLOATS) return false;
    return [...(onTheWay.get(form) ?? [])].some((job) => group.every((one) => !descends(job, one)));
  };
  const groupOf = (job: KernelJob): readonly KernelJob[] =>
    job.form === undefined ? [job] : ready.filter(({ form }) => form === job.form);

  return {
    take: () => {
      ready.sort((a, b) => rankOf(a) - rankOf(b));
      const candidates = [...new Map(ready.toReversed().map((job) => [job.form ?? job, job])).values()]
        .reverse()
        .map(groupOf);
      const group = candidates.find((one) => !canGrow(one)) ?? candidates.at(0) ?? [];
      for (const job of group) {
        ready.splice(ready.indexOf(job), 1);
        for (const follower of defined(followers.get(job), 'job')) {
          const left = defined(waiting.get(follower), 'job') - 1;
          waiting.set(follower, left);
          if (left > 0) continue;
          ready.push(follower);
          onTheWay.get(follower.form)?.delete(follower);
        }
      }
      return group;
    },
  };
}

/** Returns whether a job comes, by any chain of predecessors, after another. */
function ancestry(
  jobs: readonly KernelJob[],
  before: ReadonlyMap<KernelJob, ReadonlySet<KernelJob>>,
): (job: KernelJob, earlier: KernelJob) => boolean {
  const index = new Map(jobs.map((job, at) => [job, at]));
  const words = Math.ceil(jobs.length / 32);
  const known = new Map<KernelJob, Uint32Array>();
  const ancestorsOf = (job: KernelJob): Uint32Array => {
    const done = known.get(job);
    if (done) return done;
    const bits = new Uint32Array(words);
    known.set(job, bits);
    for (const earlier of defined(before.get(job), 'job')) {
      const at = defined(index.get(earlier), 'job');
      bits[at >> 5] |= 1 << (at & 31);
      ancestorsOf(earlier).forEach((word, place) => (bits[place] |= word));
    }
    return bits;
  };
  return (job, earlier) => {
    const at = defined(index.get(earlier), 'job');
    return (ancestorsOf(job)[at >> 5] & (1 << (at & 31))) !== 0;
  };
}

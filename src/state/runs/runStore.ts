import type { Database } from '../platform/database.ts';
import type { CheckpointFiles, StoredCheckpoint } from './checkpointFiles.ts';
import { completeRun, withoutCheckpoint, type SavedRun } from './savedRun.ts';
import type { Curves } from './series.ts';

/** Runs in the browser's storage. Everything may reject: storage can be forbidden, full or broken. */
export interface RunStore {
  /** Newest first. */
  list(): Promise<readonly SavedRun[]>;
  put(run: SavedRun, curves?: Curves): Promise<void>;
  curves(id: string): Promise<Curves | undefined>;
  /**
   * Stores a checkpoint and leaves the one before it. Where all checkpoints exceed the budget, those of the runs that
   * were changed longest ago are removed. Returns the ids of the runs that lost theirs. Where the browser gives no more
   * room it rejects, and everything stays as it was.
   */
  putCheckpoint(id: string, step: number, source: Blob): Promise<readonly string[]>;
  /** The latest that can be read. */
  checkpoint(id: string): Promise<StoredCheckpoint | undefined>;
  remove(id: string): Promise<void>;
}

/** Budget of all checkpoints together. */
export const CHECKPOINT_BYTES = 2 * 2 ** 30;

export function createRunStore(
  open: () => Promise<Database>,
  checkpoints: CheckpointFiles,
  budget: number = CHECKPOINT_BYTES,
): RunStore {
  const list = async (): Promise<SavedRun[]> => {
    const runs = await (await open()).getAll('runs');
    return runs.map(completeRun).sort((a, b) => b.startedAt - a.startedAt);
  };
  /** Removes the oldest checkpoints, except those of one run, until the rest fits into the budget. */
  const makeRoom = async (exceptId: string): Promise<string[]> => {
    const sizes = await checkpoints.sizes();
    let total = [...sizes.values()].reduce((sum, size) => sum + size, 0);
    const changedAt = new Map((await list()).map((run) => [run.id, run.changedAt]));
    const oldestFirst = [...sizes].sort(([a], [b]) => (changedAt.get(a) ?? 0) - (changedAt.get(b) ?? 0));
    const dropped: string[] = [];
    for (const [id, size] of oldestFirst) {
      if (total <= budget || id === exceptId) continue;
      await checkpoints.remove(id);
      total -= size;
      dropped.push(id);
    }
    const database = await open();
    for (const id of dropped) {
      const run = await database.get('runs', id);
      if (run) await database.put('runs', withoutCheckpoint(completeRun(run)), id);
    }
    return dropped;
  };
  return {
    list,
    put: async (run, curves) => {
      const transaction = (await open()).transaction(['runs', 'curves'], 'readwrite');
      await transaction.objectStore('runs').put(run, run.id);
      if (curves) await transaction.objectStore('curves').put(curves, run.id);
      await transaction.done;
    },
    curves: async (id) => (await open()).get('curves', id),
    putCheckpoint: async (id, step, source) => {
      await checkpoints.put(id, step, source);
      return makeRoom(id);
    },
    checkpoint: (id) => checkpoints.latest(id),
    remove: async (id) => {
      const transaction = (await open()).transaction(['runs', 'curves'], 'readwrite');
      for (const name of ['runs', 'curves'] as const) await transaction.objectStore(name).delete(id);
      await transaction.done;
      await checkpoints.remove(id);
      await checkpoints.removeRegions(id);
    },
  };
}

import { errorMessage } from '../../lib/errors.ts';
import { createSerialQueue } from '../../lib/async/serialQueue.ts';
import type { Session } from '../session/session.ts';
import type { RunStore } from './runStore.ts';
import { withCheckpoint, withoutCheckpoint, type SavedRun } from './savedRun.ts';
import type { Curves } from './series.ts';

/** The runs in the state of the page. */
export interface ShownRuns {
  find(id: string): SavedRun | undefined;
  /** Adds the run to the state, or replaces it there. */
  show(run: SavedRun): void;
  /** Replaces each run by what `change` makes of it. */
  update(change: (run: SavedRun) => SavedRun): void;
}

/** Writes to the storage one after another. A failure is reported once per run and changes nothing else. */
export interface RunWriter {
  /** Shows the run now and writes it in its turn, as it is then: others may have changed it meanwhile. */
  save(run: SavedRun, curves?: Curves): void;
  saveCheckpoint(id: string, step: number, source: Blob, curves: Curves): void;
  remove(id: string): void;
  /** Resolves when everything given so far is written. */
  idle(): Promise<void>;
  /** Lets the next failure be reported again. */
  resetReport(): void;
}

export function createRunWriter(session: Session, storage: RunStore, { find, show, update }: ShownRuns): RunWriter {
  const queue = createSerialQueue();
  let isReported = false;
  const write = (job: () => Promise<unknown>): void => {
    queue.run(job).catch((error: unknown) => {
      if (isReported) return;
      isReported = true;
      session.report(
        'runs/not-kept',
        `This run can't be kept for later visits (${errorMessage(error)}). Training goes on; download its checkpoint, or delete old runs and try again.`,
      );
    });
  };
  return {
    save: (run, curves) => {
      show(run);
      write(async () => {
        const latest = find(run.id);
        if (latest) await storage.put(latest, curves);
      });
    },
    saveCheckpoint: (id, step, source, curves) =>
      write(async () => {
        // The run was last saved up to some seconds ago. Its curves come first: wherever a crash cuts this off, they reach at
        // least as far as the checkpoint.
        const before = find(id);
        if (before) await storage.put(before, curves);
        const dropped = await storage.putCheckpoint(id, step, source);
        update((run) => (dropped.includes(run.id) ? withoutCheckpoint(run) : run));
        const run = find(id);
        if (!run) return;
        const saved = withCheckpoint(run, step);
        show(saved);
        await storage.put(saved);
      }),
    remove: (id) => write(() => storage.remove(id)),
    idle: queue.idle,
    resetReport: () => void (isReported = false),
  };
}

import type { Position } from '../checkpoint/checkpoint.ts';
import { defined } from '../lib/defined.ts';
import type { Engine } from '../ops/engine.ts';
import type { VariableSnapshot } from '../ops/ops.ts';
import type { Model } from '../slotcon/model.ts';

/** States that are held at once: the last good one, and that before the step in progress. */
export const SNAPSHOTS = 2;

/** Keeps the state from before the last step with a finite loss: a bad update shows only in the next loss. */
export interface LastGood {
  beforeStep(position: Position): void;
  /** Marks the step since `beforeStep` as good. */
  confirm(): void;
  /** Restores the kept state and returns its position. */
  restore(): Position;
  dispose(): void;
}

export function createLastGood(engine: Engine, model: Model): LastGood {
  interface Kept {
    readonly position: Position;
    readonly snapshot: VariableSnapshot;
    readonly tracked: ReadonlyMap<string, number>;
  }
  const variables = [...model.entries.values()].map((entry) => entry.variable);
  let good: Kept | undefined;
  let candidate: Kept | undefined;
  return {
    beforeStep: (position) => {
      candidate?.snapshot.release();
      candidate = { position, snapshot: engine.snapshot(variables), tracked: new Map(model.batchesTracked) };
    },
    confirm: () => {
      good?.snapshot.release();
      good = candidate;
      candidate = undefined;
    },
    restore: () => {
      const { position, snapshot, tracked } = defined(good ?? candidate, 'state to restore');
      snapshot.restore();
      for (const [norm, count] of tracked) model.batchesTracked.set(norm, count);
      return position;
    },
    dispose: () => {
      good?.snapshot.release();
      candidate?.snapshot.release();
      good = candidate = undefined;
    },
  };
}

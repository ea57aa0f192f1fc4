import type { Position } from '../checkpoint/checkpoint.ts';
import { defined } from '../lib/defined.ts';
import type { Engine } from '../ops/engine.ts';
import type { VariableSnapshot } from '../ops/ops.ts';
import type { Model } from '../slotcon/model.ts';

/**
 * Max bytes of a snapshot for steps to be submitted while the one before computes, which takes one snapshot more. Where the
 * state is larger, a step takes far longer than the wait for its numbers, and memory is scarce.
 */
const AHEAD_BYTES = 128 * 2 ** 20;

/**
 * Whether a step of this model is submitted while the one before computes. Not a step of several batches: the device has the
 * next of these meanwhile.
 */
export function runsAhead(engine: Engine, model: Pick<Model, 'entries' | 'config'>): boolean {
  if (model.config.accumulate > 1) return false;
  const bytes = engine.variableBytes([...model.entries.values()].map(({ variable }) => variable.shape));
  return engine.queuesRuns && bytes !== undefined && bytes.snapshot <= AHEAD_BYTES;
}

/** States that are held at once: the last good one, and that before each step in progress. */
export function snapshotCount(engine: Engine, model: Pick<Model, 'entries' | 'config'>): number {
  return runsAhead(engine, model) ? 3 : 2;
}

/** Keeps the state from before the last step with a finite loss: a bad update shows only in the next loss. */
export interface LastGood {
  /** Keeps the present state. */
  beforeStep(position: Position): void;
  /** Marks the earliest step since `beforeStep` as good, before it is counted in `batchesTracked`. */
  confirm(): void;
  /** Restores the state from before the latest step in progress, and forgets that step. */
  undo(): void;
  /** Forgets the steps that were not marked. */
  forget(): void;
  /** Restores the kept state and returns its position. */
  restore(): Position;
  dispose(): void;
}

interface Kept {
  readonly position: Position;
  readonly snapshot: VariableSnapshot;
}

export function createLastGood(engine: Engine, model: Model): LastGood {
  const variables = [...model.entries.values()].map((entry) => entry.variable);
  let good: (Kept & { readonly tracked: ReadonlyMap<string, number> }) | undefined;
  /** From before the steps in progress, in their order. */
  let candidates: readonly Kept[] = [];
  const forget = (): void => {
    for (const { snapshot } of candidates) snapshot.release();
    candidates = [];
  };
  return {
    beforeStep: (position) => {
      candidates = [...candidates, { position, snapshot: engine.snapshot(variables) }];
    },
    confirm: () => {
      const [earliest, ...later] = candidates;
      good?.snapshot.release();
      good = { ...earliest, tracked: new Map(model.batchesTracked) };
      candidates = later;
    },
    undo: () => {
      const { snapshot } = defined(candidates.at(-1), 'step to undo');
      snapshot.restore();
      snapshot.release();
      candidates = candidates.slice(0, -1);
    },
    forget,
    restore: () => {
      const { position, snapshot } = defined(good ?? candidates.at(0), 'state to restore');
      snapshot.restore();
      // Where no step was good yet, none was counted either.
      for (const [norm, count] of good?.tracked ?? []) model.batchesTracked.set(norm, count);
      return position;
    },
    dispose: () => {
      good?.snapshot.release();
      good = undefined;
      forget();
    },
  };
}

import type { Checkpoint } from '../../checkpoint/checkpoint.ts';
import type { Config } from '../../config/fields.ts';
import { errorMessage, UserError } from '../../lib/errors.ts';
import type { Verdict } from '../../domain/reports.ts';
import type { StepRecord } from '../../signals/metrics.ts';

/** How to rebuild a run after an interruption. */
export interface Restart {
  /** The state to continue from; without one the run starts over from its seed, with the same result. */
  readonly checkpoint: Checkpoint | undefined;
  readonly config: Config;
  /** Shown while the run is rebuilt. */
  readonly phase: string;
  /** Shown afterwards, if the run differs from what it would have been. */
  readonly note?: string;
}

/** Decides how an interrupted run continues: as if nothing had happened, or once with a lower learning rate. */
export interface Recovery {
  stepDone(record: StepRecord, verdict: Verdict): void;
  saved(checkpoint: Checkpoint): void;
  /** The latest saved state. */
  latest(): Checkpoint | undefined;
  /** True when the run has collapsed and must be stopped. */
  hasCollapsed(): boolean;
  /** Call after an error. Throws the error that ends the run, if it can't continue. */
  afterError(error: unknown, wasLost: boolean, lastGood: () => Promise<Checkpoint>): Promise<Restart>;
  /** Call after a stop because of a collapse. Throws at the second. */
  afterCollapse(): Restart;
}

/** Learning-rate factor applied on rollback. */
const ROLLBACK_FACTOR = 0.5;
/** Number of successive steps with an alarm that count as a collapse. */
const COLLAPSED_STEPS = 50;
/** Device losses in a row after which the run ends. */
const MAX_LOSSES = 3;

export function createRecovery(start: Config): Recovery {
  let config = start;
  let latest: Checkpoint | undefined;
  /** The latest state that was saved without an alarm. */
  let healthy: Checkpoint | undefined;
  let furthest = -1;
  /** Device losses since the run last reached a new step. */
  let losses = 0;
  let alarms = 0;
  let evidence = '';
  let rolledBack = false;

  const lower = (checkpoint: Checkpoint, why: string): Restart => {
    rolledBack = true;
    alarms = 0;
    const baseLearningRate = config.baseLearningRate * ROLLBACK_FACTOR;
    const { step } = checkpoint.position;
    const rates = `${config.baseLearningRate} → ${baseLearningRate}`;
    config = { ...config, baseLearningRate };
    latest = checkpoint;
    const note = `${why} The run went back to step ${step} and continues with half the base learning rate (${rates}).`;
    return { checkpoint, config, note, phase: `Going back to step ${step} with a lower learning rate` };
  };
  return {
    stepDone: (record, { level, title, detail }) => {
      if (record.step > furthest) losses = 0;
      furthest = Math.max(furthest, record.step);
      alarms = level === 'alarm' ? alarms + 1 : 0;
      if (level === 'alarm') evidence = `At step ${record.step}, ${title}. ${detail}`;
    },
    saved: (checkpoint) => {
      latest = checkpoint;
      if (alarms === 0) healthy = checkpoint;
    },
    latest: () => latest,
    hasCollapsed: () => alarms >= COLLAPSED_STEPS && healthy !== undefined,
    afterError: async (error, wasLost, lastGood) => {
      if (wasLost) {
        losses += 1;
        if (losses <= MAX_LOSSES) {
          return { checkpoint: latest, config, phase: 'The graphics device was lost: opening a new one' };
        }
        const kept = latest ? `The state after step ${latest.position.step} is kept.` : 'No state was saved yet.';
        throw new UserError(
          'gpu/lost-again',
          `The graphics device was lost ${losses} times in a row, after step ${Math.max(0, furthest)}. ${kept} Lower "Batch size" and raise "Accumulate", or lower "Crop size"; close other programs that use the graphics card, then start again from it.`,
        );
      }
      if (!(error instanceof UserError) || error.code !== 'training/not-finite') throw error;
      if (!rolledBack) return lower(await lastGood(), errorMessage(error).split('. ')[0] + '.');
      throw new UserError(error.code, `${error.message} The run had gone back once before, to half the learning rate.`);
    },
    afterCollapse: () => {
      if (!rolledBack && healthy) return lower(healthy, evidence);
      throw new UserError(
        'training/collapsed',
        `The slots collapsed again after the run had gone back once. ${evidence}`,
      );
    },
  };
}

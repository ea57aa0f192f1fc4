import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import type { Config } from '../config/fields.ts';
import { errorMessage, UserError } from '../lib/errors.ts';
import type { Verdict } from '../domain/reports.ts';
import type { StepRecord } from '../signals/metrics.ts';

/** How a run goes on after something went wrong. */
export interface Restart {
  /** What it goes on from; without one it begins anew, which comes to the same. */
  readonly checkpoint: Checkpoint | undefined;
  readonly config: Config;
  /** For the person, while it is put right. */
  readonly doing: string;
  /** …and afterwards, where the run is not what it would have been. */
  readonly note?: string;
}

/** What becomes of a run that is interrupted: it goes on as if nothing had happened, or once with a lower learning rate. */
export interface Recovery {
  stepDone(record: StepRecord, verdict: Verdict): void;
  saved(checkpoint: Checkpoint): void;
  /** The state that was saved last. */
  latest(): Checkpoint | undefined;
  /** True once the run has collapsed, and is to be stopped for that. */
  hasCollapsed(): boolean;
  /** After an error: how to go on. Throws what the person is to be told where it can't. */
  afterError(error: unknown, wasLost: boolean, lastGood: () => Promise<Checkpoint>): Promise<Restart>;
  /** After a stop for a collapse. Throws where it is the second. */
  afterCollapse(): Restart;
}

/** Of the learning rate, when a run goes back. */
const ROLLBACK_FACTOR = 0.5;
/** Steps in a row whose signals are those of a collapse. */
const COLLAPSED_STEPS = 50;
const MOST_LOSSES = 3;

export function createRecovery(start: Config): Recovery {
  let config = start;
  let latest: Checkpoint | undefined;
  /** Saved before the signals turned bad. */
  let healthy: Checkpoint | undefined;
  let furthest = -1;
  /** Losses of the device since the run last got further than ever. */
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
    const note = `${why} The run went back to step ${step} and goes on with half the base learning rate (${rates}).`;
    return { checkpoint, config, note, doing: `Going back to step ${step} with a lower learning rate` };
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
        if (losses <= MOST_LOSSES) {
          return { checkpoint: latest, config, doing: 'The graphics device was lost: opening a new one' };
        }
        const kept = latest ? `The state after step ${latest.position.step} is kept.` : 'No state was saved yet.';
        throw new UserError(
          'gpu/lost-again',
          `The graphics device was lost ${losses} times in a row, after step ${Math.max(0, furthest)}. ${kept} Lower "Batch size" or "Crop size", close other programs that use the graphics card, then start again from it.`,
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

import { stepImages } from '../../config/batchSize.ts';
import { stepGflop } from '../../config/cost.ts';
import type { Config } from '../../config/fields.ts';
import { resolveSchedule } from '../../config/schedules.ts';
import { checkConfig } from '../../config/validate.ts';
import type { AdapterSummary } from '../../worker/contracts.ts';
import type { Memory } from './memory.ts';

/** Training speed of this machine: GFLOP of the model per second, overhead included. */
export interface Speed {
  readonly gflopPerSecond: number;
  readonly measured: boolean;
}

/**
 * Assumed before anything was measured. Slow: measured with `tiny` on SwiftShader with two cores. Fast: a conservative
 * guess, not measured.
 */
const GUESS = { slow: 1, fast: 40 };

const key = (adapter: AdapterSummary): string => `speed/${adapter.backend}/${adapter.description}`;

export function recallSpeed(memory: Memory, adapter: AdapterSummary): Speed {
  const measured = memory.recall(key(adapter));
  if (typeof measured === 'number' && measured > 0) return { gflopPerSecond: measured, measured: true };
  return { gflopPerSecond: adapter.slow ? GUESS.slow : GUESS.fast, measured: false };
}

export function rememberSpeed(memory: Memory, adapter: AdapterSummary, config: Config, imagesPerSecond: number): void {
  if (imagesPerSecond <= 0) return;
  memory.remember(key(adapter), (stepGflop(config) * imagesPerSecond) / stepImages(config));
}

export interface Cost {
  /** GFLOP per step. */
  readonly gflop: number;
  /** Steps of the whole run; 0 where they depend on images that aren't there yet. */
  readonly steps: number;
}

/** Cost of a run with these settings; undefined where they are invalid together. */
export function costOf(config: Config, usable: number): Cost | undefined {
  try {
    checkConfig(config);
    const known = config.steps > 0 || usable >= stepImages(config);
    return { gflop: stepGflop(config), steps: known ? resolveSchedule(config, usable).totalSteps : 0 };
  } catch {
    return undefined;
  }
}

import { stepGflop } from '../config/cost.ts';
import type { Config } from '../config/fields.ts';
import type { AdapterSummary } from '../worker/protocol.ts';
import type { Memory } from './persistence.ts';

/** How fast this machine trains: GFLOP of the model's own work a second, all overhead included. */
export interface Speed {
  readonly gflopPerSecond: number;
  readonly measured: boolean;
}

/** Before anything was measured: the order of magnitude on a software adapter and on a graphics card. */
const GUESS = { slow: 1.5, fast: 100 };

const key = (adapter: AdapterSummary): string => `speed/${adapter.backend}/${adapter.description}`;

export function recallSpeed(memory: Memory, adapter: AdapterSummary): Speed {
  const measured = memory.recall(key(adapter));
  if (typeof measured === 'number' && measured > 0) return { gflopPerSecond: measured, measured: true };
  return { gflopPerSecond: adapter.slow ? GUESS.slow : GUESS.fast, measured: false };
}

export function rememberSpeed(memory: Memory, adapter: AdapterSummary, config: Config, imagesPerSecond: number): void {
  if (imagesPerSecond <= 0) return;
  memory.remember(key(adapter), (stepGflop(config) * imagesPerSecond) / config.batchSize);
}

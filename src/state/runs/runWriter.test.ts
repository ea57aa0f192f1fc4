import { expect, it } from 'vitest';
import { sessionHarness } from '../../testing/sessionHarness.ts';
import type { RunStore } from './runStore.ts';
import { createRunWriter } from './runWriter.ts';
import type { SavedRun } from './savedRun.ts';
import type { Curves } from './series.ts';

it('a crash right after a checkpoint is written finds curves that reach as far', async () => {
  const stored: { checkpoint?: number; curves?: Curves } = {};
  const gone = () => Promise.reject(new Error('the browser is gone'));
  const storage: Pick<RunStore, 'put' | 'putCheckpoint'> = {
    put: (_, curves) => {
      if (stored.checkpoint !== undefined) return gone();
      if (curves) stored.curves = curves;
      return Promise.resolve();
    },
    putCheckpoint: (_, step) => {
      stored.checkpoint = step;
      return Promise.resolve([]);
    },
  };
  const run = { id: 'a', step: 0 } as SavedRun;
  const shown = { find: () => run, show: () => undefined, update: () => undefined };
  const writer = createRunWriter(sessionHarness().session, storage as RunStore, shown);
  writer.saveCheckpoint('a', 2, new Blob(), { steps: Float64Array.of(1, 2), values: {} });
  await writer.idle();
  expect(stored).toEqual({ checkpoint: 2, curves: { steps: Float64Array.of(1, 2), values: {} } });
});

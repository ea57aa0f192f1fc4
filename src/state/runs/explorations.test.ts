import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { exploreConfig } from '../../config/explore.ts';
import { config, readPhotos, sessionHarness } from '../../testing/sessionHarness.ts';
import { explorationsOf } from './explorations.ts';
import { runAdvice } from './runAdvice.ts';
import { createRunHistory } from './runHistory.ts';
import type { RunStore } from './runStore.ts';
import type { SavedRun } from './savedRun.ts';
import { createSweepQueue } from './sweepQueue.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

let visits = 0;

/** A visit of the page; `stored` is what the earlier ones have left. */
async function visit(stored: Map<string, SavedRun>) {
  const harness = sessionHarness();
  const storage: RunStore = {
    list: () => Promise.resolve([...stored.values()]),
    put: (run) => Promise.resolve(void stored.set(run.id, run)),
    curves: () => Promise.resolve(undefined),
    putCheckpoint: () => Promise.resolve([]),
    checkpoint: () => Promise.resolve(undefined),
    remove: (id) => Promise.resolve(void stored.delete(id)),
  };
  let ids = 0;
  const newId = (): string => `visit${visits}-${++ids}`;
  visits++;
  const runHistory = createRunHistory(harness.session, storage, { now: () => Date.now(), newId });
  const sweeps = createSweepQueue(harness.session, runHistory, newId);
  harness.session.open();
  await readPhotos(harness.session);
  return { ...harness, runHistory, sweeps };
}

const advanceUntil = async (test: () => boolean): Promise<void> => {
  for (let waited = 0; !test(); waited += 20) {
    if (waited > 120_000) throw new Error('timed out');
    await vi.advanceTimersByTimeAsync(20);
  }
};

it('four recipes with two seeds; interrupted, the next visit goes on at the run where it was', async () => {
  const stored = new Map<string, SavedRun>();
  const base = exploreConfig(config, 4);
  const first = await visit(stored);
  void first.sweeps.explore(base);
  await advanceUntil(() => {
    const state = first.sweeps.store.getState();
    return state.status === 'running' && state.done === 3;
  });
  first.sweeps.cancel();
  await vi.advanceTimersByTimeAsync(6000);

  const second = await visit(stored);
  const [interrupted] = explorationsOf(second.runHistory.store.getState().runs);
  expect([interrupted.done, interrupted.runs, interrupted.base]).toEqual([3, 8, { ...base, jitterProbability: 0 }]);
  const over = second.sweeps.resume(interrupted);
  await advanceUntil(() => second.sweeps.store.getState().status === 'done');
  await over;
  expect(second.sent.filter(({ type }) => type === 'start')).toHaveLength(5);
  const explorations = explorationsOf(second.runHistory.store.getState().runs);
  expect(explorations).toHaveLength(1);
  const [{ done, rows }] = explorations;
  expect([done, rows.map(({ recipe }) => recipe).sort()]).toEqual([8, ['both', 'color', 'shade', 'things']]);
  for (const { stability, pictures } of rows) {
    expect(stability).toBeDefined();
    expect(pictures.length).toBeGreaterThan(0);
  }

  // What is said after its last run knows of it, and of the eight images.
  const { run } = second.session.store.getState();
  if (run.status !== 'ended') throw new Error(run.status);
  const advice = runAdvice(second.session, run, second.runHistory.store.getState().runs);
  expect(advice.map(({ text, action }) => [action?.kind, text])).toEqual([
    ['images', 'Only 8 images: slots need variety, a hundred images or more are better.'],
    ['longer', 'Ended at step 4, while features still align: slots come apart from step 60 on.'],
    ['explore', 'The contact sheet of these images shows what other recipes make of them.'],
  ]);
});

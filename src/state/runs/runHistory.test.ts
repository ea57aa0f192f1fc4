import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { config, readPhotos, sessionHarness } from '../../testing/sessionHarness.ts';
import type { StoredCheckpoint } from './checkpointFiles.ts';
import type { SavedRun } from './savedRun.ts';
import type { Curves } from './series.ts';
import { resumeInterrupted } from './resumeInterrupted.ts';
import { createRunHistory, interruptedRun } from './runHistory.ts';
import type { RunStore } from './runStore.ts';
import type { Session } from '../session/session.ts';
import { runOf } from '../session/run.ts';
import { createSweepQueue, sweepsOf } from './sweepQueue.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

interface Stored {
  readonly runs: Map<string, SavedRun>;
  readonly curves: Map<string, Curves>;
  readonly checkpoints: Map<string, StoredCheckpoint>;
}

/** The storage as the next visit finds it. */
const copyOf = ({ runs, curves, checkpoints }: Stored) =>
  memoryStore(new Map(runs), new Map(curves), new Map(checkpoints));

/** Storage in memory, which fails where `broken` says so. */
function memoryStore(
  runs = new Map<string, SavedRun>(),
  curves = new Map<string, Curves>(),
  checkpoints = new Map<string, StoredCheckpoint>(),
) {
  const state = { broken: false };
  const store: RunStore = {
    list: () => Promise.resolve([...runs.values()]),
    put: (run, own) => {
      if (state.broken) return Promise.reject(new Error('the disk is full'));
      runs.set(run.id, run);
      if (own) curves.set(run.id, own);
      return Promise.resolve();
    },
    curves: (id) => Promise.resolve(curves.get(id)),
    putCheckpoint: (id, step, source) => {
      if (state.broken) return Promise.reject(new Error('the disk is full'));
      checkpoints.set(id, { step, source });
      return Promise.resolve([]);
    },
    checkpoint: (id) => Promise.resolve(checkpoints.get(id)),
    remove: (id) => {
      for (const map of [runs, curves, checkpoints]) map.delete(id);
      return Promise.resolve();
    },
  };
  return { store, runs, curves, checkpoints, state };
}

async function setUp(storage = memoryStore()) {
  const harness = sessionHarness();
  let ids = 0;
  const newId = (): string => `id${++ids}`;
  const runHistory = createRunHistory(harness.session, storage.store, { now: () => Date.now(), newId });
  const sweeps = createSweepQueue(harness.session, runHistory, newId);
  harness.session.open();
  await readPhotos(harness.session);
  return { ...harness, ...storage, runHistory, sweeps };
}

async function advanceUntil(test: () => boolean): Promise<void> {
  for (let waited = 0; !test(); waited += 20) {
    if (waited > 60_000) throw new Error('timed out');
    await vi.advanceTimersByTimeAsync(20);
  }
}

const runIdOf = ({ store }: Session): number => runOf(store.getState().run)?.runId ?? -1;
const SHORT = { ...config, steps: 4 };

it('a run is saved while it trains and when it is over', async () => {
  const { session, runHistory, runs, curves, checkpoints, emit } = await setUp();
  session.start(SHORT, 'photos · Tiny');
  await vi.advanceTimersByTimeAsync(900);
  expect([...runs.values()]).toMatchObject([{ id: 'id1', title: 'photos · Tiny', state: 'going', images: 'photos' }]);
  emit({
    type: 'autosaved',
    runId: runIdOf(session),
    step: 2,
    fileName: 'a',
    source: new Blob(['2']),
  });
  await vi.advanceTimersByTimeAsync(5000);
  expect(runs.get('id1')).toMatchObject({ state: 'finished', step: 4, checkpointStep: 2 });
  expect([...(curves.get('id1')?.steps ?? [])]).toEqual([1, 2, 3, 4]);
  expect(await checkpoints.get('id1')?.source.text()).toBe('2');
  // A new title while a checkpoint is being written: neither is lost.
  const runId = runIdOf(session);
  emit({ type: 'autosaved', runId, step: 4, fileName: 'a', source: new Blob(['4']) });
  runHistory.rename('id1', '  my run ');
  runHistory.rename('id1', ' ');
  await vi.advanceTimersByTimeAsync(0);
  expect(runs.get('id1')).toMatchObject({ title: 'my run', checkpointStep: 4 });

  // Continuing it is the same run; a new start is not.
  session.continueFromHere();
  await vi.advanceTimersByTimeAsync(2000);
  expect([...runs.keys()]).toEqual(['id1']);
  expect(runs.get('id1')?.title).toBe('my run');
  session.start(SHORT, 'again');
  await vi.advanceTimersByTimeAsync(2000);
  expect([...runs.keys()]).toEqual(['id1', 'id2']);
  expect(runHistory.store.getState().runs.map(({ id }) => id)).toEqual(['id2', 'id1']);
});

/** Storage of a run whose page is closed while it trains, with a checkpoint after its second step. */
async function interrupt(): Promise<Stored> {
  const { session, emit, state, ...stored } = await setUp();
  session.start(config, 'photos · Tiny');
  await advanceUntil(() => session.series.count() >= 2);
  const runId = runIdOf(session);
  emit({ type: 'autosaved', runId, step: 2, fileName: 'a', source: new Blob(['2']) });
  await vi.advanceTimersByTimeAsync(0);
  // Nothing is stored from here on.
  state.broken = true;
  return stored;
}

it('an interrupted run is offered by the next visit, and continues there as the same run', async () => {
  const stored = await interrupt();
  const { runHistory, session, sent, runs } = await setUp(copyOf(stored));
  expect(interruptedRun(runHistory.store.getState())).toMatchObject({
    id: 'id1',
    state: 'going',
    step: 2,
    checkpointStep: 2,
  });
  runHistory.rename('id1', 'renamed');
  const opened: string[] = [];
  void resumeInterrupted(session, runHistory, (name) => opened.push(name));
  await advanceUntil(() => session.store.getState().run.status === 'training');
  expect(opened, 'the images are there already').toEqual([]);
  expect(sent.filter(({ type }) => type === 'start')).toMatchObject([{ config }]);
  await advanceUntil(() => session.series.count() >= 5);
  expect([...session.series.steps()].slice(0, 5)).toEqual([1, 2, 3, 4, 5]);
  expect([...runs.keys()]).toEqual(['id1']);
  expect(runHistory.store.getState()).toMatchObject({
    interruptedId: undefined,
    runs: [{ id: 'id1', state: 'going', title: 'renamed' }],
  });
});

it('an interrupted run asks for its folder, and can be dismissed for good', async () => {
  const stored = await interrupt();
  const { runHistory, session, runs } = await setUp(copyOf(stored));
  session.readSamples();
  const opened: string[] = [];
  void resumeInterrupted(session, runHistory, (name) => opened.push(name));
  expect(opened).toEqual(['photos']);

  const third = await setUp(copyOf(stored));
  third.runHistory.dismissInterrupted();
  await vi.advanceTimersByTimeAsync(0);
  expect(third.runs.get('id1')).toMatchObject({ state: 'lost', checkpointStep: 2 });
  expect(interruptedRun((await setUp(copyOf(third))).runHistory.store.getState())).toBeUndefined();
  expect(runs.size).toBe(1);
});

it('a deleted run can be brought back for a while, then it is gone', async () => {
  const { session, runHistory, runs } = await setUp();
  session.start(SHORT, 'photos');
  await vi.advanceTimersByTimeAsync(6000);
  runHistory.remove('id1');
  expect(runHistory.store.getState()).toMatchObject({ runs: [], deleted: { id: 'id1' } });
  runHistory.undoRemove();
  expect(runHistory.store.getState()).toMatchObject({ runs: [{ id: 'id1' }], deleted: undefined });
  runHistory.remove('id1');
  expect(runs.size).toBe(1);
  await vi.advanceTimersByTimeAsync(10_000);
  expect([runs.size, runHistory.store.getState().deleted]).toEqual([0, undefined]);
});

it('a failing storage is reported once, and the run continues', async () => {
  const { session, runHistory, state, sent, emit } = await setUp();
  session.start(SHORT, 'photos');
  await advanceUntil(() => session.series.count() >= 1);
  const runId = runIdOf(session);
  const save = (step: number): void =>
    emit({ type: 'autosaved', runId, step, fileName: 'a', source: new Blob([`${step}`]) });
  save(1);
  await vi.advanceTimersByTimeAsync(0);
  state.broken = true;
  save(2);
  await vi.advanceTimersByTimeAsync(6000);
  const { notices, run } = session.store.getState();
  expect(notices.map(({ code }) => code)).toEqual(['runs/not-kept']);
  expect(notices[0]?.message).toContain('the disk is full');
  expect(run).toMatchObject({ status: 'ended', reason: 'finished' });
  expect(runHistory.store.getState().runs).toMatchObject([{ state: 'finished', checkpointStep: 1 }]);
  await runHistory.loadCheckpoint('id1');
  expect(sent.at(-1)).toMatchObject({ type: 'request', kind: 'readCheckpoint' });
  expect(session.store.getState().resume).toMatchObject({ status: 'checking', name: 'slotcon-step1.safetensors' });
});

const AXES = [{ name: 'prototypes', values: [8, 16] }] as const;

it('a sweep trains its runs one after another, records the one that fails, and ends in a table', async () => {
  const { session, sweeps, runHistory, sent, emit } = await setUp();
  const over = sweeps.start(AXES, 2, SHORT);
  expect(sweeps.store.getState()).toMatchObject({ status: 'running', runs: 4, done: 0, label: 'prototypes=8 seed=0' });
  await advanceUntil(
    () =>
      session.store.getState().run.status === 'preparing' && sent.filter(({ type }) => type === 'start').length === 2,
  );
  // The second is being prepared, and is refused.
  const second = sent.findLast((message) => message.type === 'start');
  expect(second?.config).toMatchObject({ prototypes: 8, seed: 1 });
  emit({ type: 'runFailed', runId: second?.runId ?? -1, error: { code: 'gpu/out-of-memory', message: 'too large' } });
  await advanceUntil(() => sweeps.store.getState().status === 'done');
  await over;
  expect(sweeps.store.getState()).toMatchObject({ status: 'done', done: 4 });
  const [sweep] = sweepsOf(runHistory.store.getState().runs);
  expect(sweep.outcomes.map(({ point, failure }) => [point.label, failure])).toEqual([
    ['prototypes=8 seed=0', undefined],
    ['prototypes=8 seed=1', 'too large'],
    ['prototypes=16 seed=0', undefined],
    ['prototypes=16 seed=1', undefined],
  ]);
  expect(sweep.outcomes[0]?.measures['loss']).toBeGreaterThan(0);
  expect(session.store.getState().notices.map(({ code }) => code)).toEqual(['gpu/out-of-memory']);
});

it('a canceled sweep stops its run and starts no other; earlier outcomes stay', async () => {
  const { session, sweeps, runHistory, sent } = await setUp();
  const over = sweeps.start(AXES, 1, SHORT);
  await advanceUntil(
    () =>
      session.store.getState().run.status === 'training' && sent.filter(({ type }) => type === 'start').length === 2,
  );
  expect(sweeps.store.getState()).toMatchObject({ status: 'running', done: 1 });
  sweeps.cancel();
  await vi.advanceTimersByTimeAsync(3000);
  await over;
  expect(sent.filter(({ type }) => type === 'start')).toHaveLength(2);
  expect(sweepsOf(runHistory.store.getState().runs)[0].outcomes).toHaveLength(1);
  await expect(sweeps.start([{ name: 'prototypes', values: [8, -1] }], 1, SHORT)).rejects.toThrow();
});

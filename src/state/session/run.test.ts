import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { config, loadFile, readPhotos, sessionHarness, trainSome } from '../../testing/sessionHarness.ts';
import { INITIAL_SESSION, type SessionState } from './session.ts';
import { runOf, type Run } from './run.ts';
import { hasUnsavedSteps } from './saves.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('a run', () => {
  it('prepares, trains, pauses, continues and finishes', async () => {
    const { session } = sessionHarness();
    await trainSome(session, 500);
    expect(session.store.getState().run.status).toBe('preparing');
    await vi.advanceTimersByTimeAsync(1000);
    expect(session.store.getState().run).toMatchObject({ status: 'training', run: { totalSteps: 60, startStep: 0 } });
    session.pause();
    expect(session.store.getState().run.status).toBe('paused');
    const paused = session.series.count();
    await vi.advanceTimersByTimeAsync(1000);
    expect(session.series.count()).toBe(paused);
    session.continueRun();
    await vi.advanceTimersByTimeAsync(6000);
    expect(session.store.getState().run).toMatchObject({ status: 'ended', reason: 'finished', step: 60 });
    expect(session.series.count()).toBe(60);
    expect(session.live.getState().record?.step).toBe(60);
    expect(session.live.getState().snapshots.map(({ step }) => step)).toEqual([0, 25, 50]);
  });

  it('updates React state at most ten times a second, however fast the steps are', async () => {
    const { session, emit } = sessionHarness();
    await trainSome(session, 1000);
    const { run } = session.store.getState();
    if (run.status !== 'training') throw new Error(run.status);
    session.pause();
    const { record, verdict, timing } = session.live.getState();
    if (!record || !verdict) throw new Error('no step yet');
    let updates = 0;
    session.live.subscribe(() => updates++);
    for (let at = 1; at <= 1000; at++) {
      const step = { ...record, step: record.step + at };
      const { runId } = run.run;
      emit({ type: 'step', runId, record: step, verdict, timing });
    }
    await vi.advanceTimersByTimeAsync(100);
    expect(updates).toBe(1);
    expect(session.live.getState().record?.step).toBe(record.step + 1000);
  });

  it('downloads a checkpoint under the name that the worker gives it', async () => {
    const { session, downloads } = sessionHarness();
    await trainSome(session, 1500);
    session.saveCheckpoint();
    expect(session.store.getState().saving).toBe(1);
    await vi.advanceTimersByTimeAsync(0);
    const { lastSaved, saving } = session.store.getState();
    expect(downloads.map(({ fileName }) => fileName)).toEqual([lastSaved?.fileName]);
    expect(lastSaved?.format).toBe('safetensors');
    expect(saving).toBe(0);
  });

  it('lists the formats it can be saved in, and requests the chosen one', async () => {
    const { session, downloads, requests } = sessionHarness();
    await trainSome(session, 1500);
    expect(runOf(session.store.getState().run)).toMatchObject({
      imageCount: 8,
      formats: [{ id: 'safetensors' }, { id: 'slotcon-pth' }],
    });
    session.saveCheckpoint('slotcon-pth');
    expect(requests('saveCheckpoint').at(-1)?.input.format).toBe('slotcon-pth');
    await vi.advanceTimersByTimeAsync(0);
    expect(downloads.at(-1)?.fileName).toMatch(/slotcon-pth$/);
    expect(session.store.getState().lastSaved?.format).toBe('slotcon-pth');
  });

  it('continues where it was stopped, with its curves', async () => {
    const { session, sent } = sessionHarness();
    await trainSome(session, 2000);
    session.stop();
    const stopped = session.store.getState().run;
    if (stopped.status !== 'ended') throw new Error(stopped.status);
    session.continueFromHere();
    await vi.advanceTimersByTimeAsync(900);
    expect(sent.at(-1)).toMatchObject({ type: 'start', resume: expect.any(Blob) as Blob });
    await vi.advanceTimersByTimeAsync(6000);
    expect(session.series.count()).toBe(60);
    expect(session.series.recent().map(({ step }) => step)).toEqual(
      Array.from({ length: 60 }, (_, index) => index + 1),
    );
  });

  it('is trained longer as a new run from its weights, with curves of its own', async () => {
    const { session, sent } = sessionHarness();
    await trainSome(session, 8000);
    session.trainLonger();
    await vi.advanceTimersByTimeAsync(1400);
    expect(sent.at(-1)).toMatchObject({ type: 'start', config, resume: expect.any(Blob) as Blob, anew: true });
    expect(runOf(session.store.getState().run)?.keepsHistory).toBe(false);
    expect(session.series.count()).toBeLessThan(60);
  });

  it('returns to idle with a message when it cannot start', async () => {
    const { session, emit } = sessionHarness();
    await trainSome(session, 100);
    const { run } = session.store.getState();
    if (run.status !== 'preparing') throw new Error(run.status);
    const error = { code: 'dataset/too-small', message: '3 images, a batch needs 8' } as const;
    emit({ type: 'runFailed', runId: run.plan.runId, error });
    expect(session.store.getState().run.status).toBe('idle');
    expect(session.store.getState().notices.at(-1)).toMatchObject({ action: 'chooseFolder' });
  });
});

describe('a checkpoint from a file', () => {
  it('is read, announced and handed over at the start', async () => {
    const { session, sent } = sessionHarness();
    session.open();
    await readPhotos(session);
    await loadFile(session, '40', 'mine.safetensors');
    expect(session.store.getState().resume).toMatchObject({ status: 'loaded', name: 'mine.safetensors', step: 40 });
    session.start(config, 'again');
    expect(sent.at(-1)).toMatchObject({ type: 'start', resume: expect.any(Blob) as Blob });
    await vi.advanceTimersByTimeAsync(6000);
    expect(session.series.recent()[0]?.step).toBe(41);
    expect(session.store.getState().resume.status).toBe('none');
  });

  it('that is refused leaves the run untouched', async () => {
    const { session } = sessionHarness();
    await trainSome(session, 1500);
    await loadFile(session, 'broken', 'bad.safetensors');
    const { run, resume, notices } = session.store.getState();
    expect(run.status).toBe('training');
    expect(resume.status).toBe('none');
    expect(notices.at(-1)).toMatchObject({ code: 'checkpoint/truncated', action: 'chooseCheckpoint' });
  });
});

describe('an encoder from a file', () => {
  it('is matched with the settings of the form, again when they change, and handed over at the start', async () => {
    const { session, sent, requests } = sessionHarness();
    session.open();
    await readPhotos(session);
    await loadFile(session, 'encoder', 'resnet18.pth');
    const stem = (channels: number) => [{ name: 'conv1.weight', shape: [channels, 3, 7, 7] }];
    expect(session.store.getState().resume).toMatchObject({ status: 'encoder', report: { matched: stem(16) } });
    session.rematchEncoder({ ...config, width: 1 });
    await vi.waitFor(() =>
      expect(session.store.getState().resume).toMatchObject({ status: 'encoder', report: { matched: stem(64) } }),
    );
    session.start(config, 'from an encoder');
    expect(sent.at(-1)).toMatchObject({ type: 'start', resume: expect.any(Blob) as Blob });
    // There are no prototypes to be shown.
    expect(requests('overlays')).toEqual([]);
  });
});

describe('a stop', () => {
  it('requested while preparing takes effect when the run has started', async () => {
    const { session } = sessionHarness();
    await trainSome(session, 100);
    session.stop();
    expect(session.store.getState().run).toMatchObject({ status: 'preparing', pending: 'stop' });
    await vi.advanceTimersByTimeAsync(2000);
    expect(session.store.getState().run.status).toBe('ended');
    expect(session.series.count()).toBeLessThan(3);
  });
});

describe('a worker that crashes', () => {
  it('leaves the automatic checkpoint to continue from', async () => {
    const { session, emit, crash, sent } = sessionHarness();
    await trainSome(session, 3000);
    const { run } = session.store.getState();
    if (run.status !== 'training') throw new Error(run.status);
    const source = new Blob(['20']);
    emit({ type: 'autosaved', runId: run.run.runId, step: 20, fileName: 'auto.safetensors', source });
    crash();
    expect(session.store.getState().notices.at(-1)?.kept).toContain('step 20');
    session.open();
    await vi.advanceTimersByTimeAsync(500);
    expect(session.store.getState().resume).toMatchObject({ status: 'loaded', step: 20, keepsHistory: true });
    session.start(config, 'photos · Tiny');
    await vi.advanceTimersByTimeAsync(6000);
    expect(sent.filter(({ type }) => type === 'start')).toHaveLength(2);
    expect(session.series.recent().map(({ step }) => step)).toEqual(
      Array.from({ length: 60 }, (_, index) => index + 1),
    );
  });

  it('ends the run as lost, keeps the curves, and reads the images again after a restart', async () => {
    const { session, sent, crash, terminated } = sessionHarness();
    await trainSome(session, 2000);
    const count = session.series.count();
    crash();
    expect(session.store.getState()).toMatchObject({
      adapter: { status: 'failed' },
      run: { status: 'ended', reason: 'lost' },
      notices: [{ code: 'worker/crashed', action: 'restartWorker' }],
    });
    expect(terminated).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1000);
    expect(session.series.count()).toBe(count);
    session.open();
    await vi.advanceTimersByTimeAsync(500);
    expect(session.store.getState()).toMatchObject({ adapter: { status: 'ready' }, images: { status: 'ready' } });
    expect(sent.filter(({ type }) => type === 'readFiles')).toHaveLength(2);
  });
});

const run: Run = {
  runId: 3,
  title: 'photos',
  config,
  keepsHistory: false,
  startStep: 0,
  totalSteps: 10,
  notes: [],
  imageCount: 8,
  formats: [],
};
const paused: SessionState = { ...INITIAL_SESSION, run: { status: 'paused', run, step: 5 } };
const savedAt = (step: number, runId = 3) => ({ lastSaved: { runId, fileName: 'a', step, format: 'safetensors' } });

it('has unsaved steps while it trains, and where steps are in no file of it', () => {
  expect(hasUnsavedSteps(INITIAL_SESSION)).toBe(false);
  expect(hasUnsavedSteps({ ...INITIAL_SESSION, run: { status: 'training', run } })).toBe(true);
  expect(hasUnsavedSteps(paused)).toBe(true);
  expect(hasUnsavedSteps({ ...paused, ...savedAt(4) })).toBe(true);
  expect(hasUnsavedSteps({ ...paused, ...savedAt(9, 2) })).toBe(true);
  expect(hasUnsavedSteps({ ...paused, ...savedAt(5) })).toBe(false);
  const autosave = { runId: 3, fileName: 'a', step: 5, source: new Blob() };
  expect(hasUnsavedSteps({ ...paused, autosave })).toBe(false);
  const ended = { status: 'ended', run, step: 5, elapsedSeconds: 1 } as const;
  expect(hasUnsavedSteps({ ...paused, run: { ...ended, reason: 'finished' } })).toBe(true);
  expect(hasUnsavedSteps({ ...paused, run: { ...ended, reason: 'lost' } })).toBe(false);
});

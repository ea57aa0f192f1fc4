import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { fakeHealth } from '../../testing/fakeRun.ts';
import { config, folder, loadFile, readPhotos, sessionHarness } from '../../testing/sessionHarness.ts';
import { shownConfig } from './state.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A session with images and a checkpoint of step 40, whose slots have been drawn. */
async function previewed() {
  const harness = sessionHarness();
  const { session } = harness;
  session.open();
  await readPhotos(session);
  await loadFile(session, '40', 'mine.pth');
  const steps = () => session.live.getState().snapshots.map(({ step }) => step);
  await vi.waitFor(() => expect(steps()).toEqual([40]));
  const asked = () => harness.sent.filter(({ type }) => type === 'job').length;
  return { ...harness, steps, asked };
}

describe('a loaded checkpoint', () => {
  it('is shown on the images before there is a run, with its own settings', async () => {
    const { session, asked } = await previewed();
    const state = session.store.getState();
    expect(asked()).toBe(1);
    expect(state).toMatchObject({ run: { status: 'idle' }, jobs: [] });
    expect(shownConfig(state)?.prototypes).toBe(16);
    expect(session.live.getState().snapshots[0]?.overlays).toHaveLength(8);
  });

  it('is shown on other images when they are read', async () => {
    const { session, steps, asked } = await previewed();
    await session.readFolder(() => Promise.resolve(folder(['a.jpg', 'b.jpg'])), 144);
    expect(steps()).toEqual([]);
    await vi.waitFor(() => expect(steps()).toEqual([40]));
    expect(session.live.getState().snapshots[0]?.overlays).toHaveLength(2);
    expect(asked()).toBe(2);
  });

  it('goes when it is discarded', async () => {
    const { session, steps } = await previewed();
    session.discardResume();
    expect(steps()).toEqual([]);
    expect(shownConfig(session.store.getState())).toBeUndefined();
  });

  it('stays in view until the run that starts from it draws', async () => {
    const { session, steps, asked } = await previewed();
    session.start(config, 'from it');
    await vi.advanceTimersByTimeAsync(100);
    expect([session.store.getState().run.status, steps()]).toEqual(['preparing', [40]]);
    await vi.advanceTimersByTimeAsync(900);
    expect(session.store.getState().run.status).toBe('training');
    expect([steps()[0], asked()]).toEqual([40, 1]);
  });

  it('that can’t be drawn is told as trouble, and nothing waits for it any longer', async () => {
    const { session, emit, sent } = sessionHarness();
    session.open();
    await readPhotos(session);
    const unsubscribe = session.store.subscribe(({ jobs: [job] }) => {
      if (!job) return;
      unsubscribe();
      const { requestId } = job;
      queueMicrotask(() => emit({ type: 'trouble', code: 'gpu/out-of-memory', message: 'too much', requestId }));
    });
    await loadFile(session, '40', 'mine.pth');
    await vi.waitFor(() => expect(session.store.getState().troubles).toMatchObject([{ code: 'gpu/out-of-memory' }]));
    expect(session.store.getState()).toMatchObject({ jobs: [], resume: { status: 'loaded' } });
    // What comes late is for nobody.
    const { requestId } = sent.find((message) => message.type === 'job')!;
    emit({ type: 'jobDone', requestId, result: { kind: 'overlays', step: 40, overlays: [], health: fakeHealth(0) } });
    expect(session.live.getState().snapshots).toEqual([]);
  });
});

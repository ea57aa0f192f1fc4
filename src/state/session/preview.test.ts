import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { config, folder, loadFile, readPhotos, sessionHarness } from '../../testing/sessionHarness.ts';
import { shownConfig } from './resume.ts';

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
  const requested = () => harness.requests('overlays').length;
  return { ...harness, steps, requested };
}

describe('a loaded checkpoint', () => {
  it('is shown on the images before there is a run, with its own settings', async () => {
    const { session, requested } = await previewed();
    const state = session.store.getState();
    expect(requested()).toBe(1);
    expect(state).toMatchObject({ run: { status: 'idle' }, jobs: [] });
    expect(shownConfig(state)?.prototypes).toBe(16);
    expect(session.live.getState().snapshots[0]?.overlays).toHaveLength(8);
  });

  it('is shown on other images when they are read', async () => {
    const { session, steps, requested } = await previewed();
    await session.readFolder(() => Promise.resolve(folder(['a.jpg', 'b.jpg'])), 144);
    expect(steps()).toEqual([]);
    await vi.waitFor(() => expect(steps()).toEqual([40]));
    expect(session.live.getState().snapshots[0]?.overlays).toHaveLength(2);
    expect(requested()).toBe(2);
  });

  it('goes when it is discarded', async () => {
    const { session, steps } = await previewed();
    session.discardResume();
    expect(steps()).toEqual([]);
    expect(shownConfig(session.store.getState())).toBeUndefined();
  });

  it('stays in view until the run that starts from it draws', async () => {
    const { session, steps, requested } = await previewed();
    session.start(config, 'from it');
    await vi.advanceTimersByTimeAsync(100);
    expect([session.store.getState().run.status, steps()]).toEqual(['preparing', [40]]);
    await vi.advanceTimersByTimeAsync(900);
    expect(session.store.getState().run.status).toBe('training');
    expect([steps()[0], requested()]).toEqual([40, 1]);
  });

  it('that can’t be drawn is reported, and a late result changes nothing', async () => {
    const { session, emit, requests, sent } = sessionHarness();
    session.open();
    await readPhotos(session);
    const unsubscribe = session.store.subscribe(({ jobs }) => {
      if (jobs.length === 0) return;
      unsubscribe();
      queueMicrotask(() => {
        const { id } = requests('overlays')[0];
        emit({ type: 'failure', id, error: { code: 'gpu/out-of-memory', message: 'too much' } });
      });
    });
    await loadFile(session, '40', 'mine.pth');
    await vi.waitFor(() => expect(session.store.getState().notices).toMatchObject([{ code: 'gpu/out-of-memory' }]));
    expect(session.store.getState()).toMatchObject({ jobs: [], resume: { status: 'loaded' } });
    await vi.advanceTimersByTimeAsync(100);
    expect(session.live.getState().snapshots).toEqual([]);
    expect(sent.filter(({ type }) => type === 'abort')).toEqual([]);
  });
});

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { config, folder, readPhotos, sessionHarness, trainSome } from '../../testing/sessionHarness.ts';
import { datasetOf } from './images.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('images', () => {
  it('collects images and skipped files, in order, with the reasons', async () => {
    const { session } = sessionHarness();
    session.open();
    await session.readFolder(() => Promise.resolve(folder(['a.jpg', 'notes.txt', 'b.jpg'])), 144);
    expect(session.store.getState().images).toMatchObject({ status: 'reading', total: 3 });
    await vi.advanceTimersByTimeAsync(500);
    const { images } = session.store.getState();
    expect(images.status).toBe('ready');
    const dataset = datasetOf(images);
    expect(dataset?.images.map(({ path }) => path)).toEqual(['a.jpg', 'b.jpg']);
    expect(dataset?.skipped).toMatchObject([{ path: 'notes.txt', reason: 'not-an-image' }]);
    expect(dataset?.usable).toBe(2);
  });

  it('ignores what still arrives of a data set that was replaced', async () => {
    const { session, emit } = sessionHarness();
    session.open();
    await session.readFolder(() => Promise.resolve(folder(['a.jpg'])), 144);
    emit({ type: 'imageSkipped', datasetId: -5, file: { path: 'old', reason: 'empty', detail: '' } });
    await vi.advanceTimersByTimeAsync(500);
    expect(datasetOf(session.store.getState().images)?.skipped).toEqual([]);
  });

  it('says so when a folder holds no images, and keeps what was there', async () => {
    const { session } = sessionHarness();
    session.open();
    await session.readFolder(() => Promise.resolve(folder([])), 144);
    expect(session.store.getState()).toMatchObject({
      images: { status: 'empty' },
      notices: [{ code: 'dataset/empty' }],
    });
  });

  it('stays as it was when the picker is closed, and reports a folder that cannot be read', async () => {
    const { session } = sessionHarness();
    session.open();
    await session.readFolder(() => Promise.resolve(undefined), 144);
    expect(session.store.getState().images.status).toBe('empty');
    await session.readFolder(() => Promise.reject(new Error('no permission')), 144);
    expect(session.store.getState().images.status).toBe('empty');
    expect(session.store.getState().notices).toMatchObject([
      { code: 'folder/unreadable', message: 'no permission', action: 'chooseFolder' },
    ]);
  });

  it('reads a folder once more when a run wants working copies of another size, before that run starts', async () => {
    const { session, sent } = sessionHarness();
    session.open();
    await readPhotos(session);
    session.start({ ...config, workingSize: 96 }, 'smaller');
    const order = sent.flatMap((message): (number | string)[] =>
      message.type === 'readFiles' ? [message.workingSize] : message.type === 'start' ? [message.type] : [],
    );
    expect(order).toEqual([144, 96, 'start']);
  });

  it('refuses other images while a run uses these', async () => {
    const { session, sent } = sessionHarness();
    await trainSome(session, 1500);
    session.readSamples();
    expect(sent.filter(({ type }) => type === 'readSamples')).toHaveLength(0);
    expect(session.store.getState().notices.at(-1)?.code).toBe('images/run-active');
  });
});

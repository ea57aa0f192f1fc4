import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { folder, sessionHarness, trainSome } from '../../testing/sessionHarness.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const gallery = { step: 3, imageCount: 8, height: 2, width: 2, cards: [] };

/** A run in progress, and a gallery that has been asked for. */
async function asked() {
  const harness = sessionHarness();
  const { session, sent, emit } = harness;
  await trainSome(session, 1500);
  const made = session.makeGallery();
  const message = sent.at(-1);
  if (message?.type !== 'job') throw new Error('no job was sent');
  const { requestId } = message;
  const finish = async (): Promise<void> => {
    emit({ type: 'jobDone', requestId, result: { kind: 'gallery', gallery } });
    await made;
  };
  return { ...harness, requestId, made, finish };
}

it('a gallery is asked for, told of while it is made, and kept until other images come', async () => {
  const { session, emit, requestId, finish } = await asked();
  emit({ type: 'jobProgress', requestId, doing: 'Looking', fraction: 0.5 });
  await vi.advanceTimersByTimeAsync(200);
  expect(session.store.getState().jobs).toMatchObject([{ kind: 'gallery', doing: 'Looking', fraction: 0.5 }]);
  await finish();
  expect(session.store.getState()).toMatchObject({ jobs: [], gallery });
  session.stop();
  await vi.advanceTimersByTimeAsync(200);
  expect(session.store.getState().gallery).toEqual(gallery);
  await session.readFolder(() => Promise.resolve(folder(['a.jpg'])), 144);
  expect(session.store.getState().gallery).toBeUndefined();
});

it('a gallery that is canceled leaves nothing behind', async () => {
  const { session, sent, made } = await asked();
  session.cancelJobs('gallery');
  await made;
  expect(sent.at(-1)?.type).toBe('cancelJob');
  expect(session.store.getState()).toMatchObject({ jobs: [], gallery: undefined, troubles: [] });
});

it('a gallery of images that were replaced meanwhile is for nobody', async () => {
  const { session, finish } = await asked();
  session.stop();
  await vi.advanceTimersByTimeAsync(200);
  await session.readFolder(() => Promise.resolve(folder(['a.jpg'])), 144);
  await finish();
  expect(session.store.getState().gallery).toBeUndefined();
});

it('segments like another come in order, and none when there is trouble', async () => {
  const { session, sent, emit, finish } = await asked();
  await finish();
  const found = session.moreLike({ image: 1, prototype: 2 });
  const message = sent.at(-1);
  if (message?.type !== 'job') throw new Error('no job was sent');
  expect(message.job).toMatchObject({ kind: 'similarSegments', image: 1, prototype: 2 });
  emit({ type: 'trouble', code: 'gallery/gone', message: 'gone', requestId: message.requestId });
  expect(await found).toEqual([]);
  expect(session.store.getState()).toMatchObject({ jobs: [], troubles: [{ code: 'gallery/gone' }], saving: 0 });
});

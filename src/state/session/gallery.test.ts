import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { stripOverlay } from '../../testing/overlays.ts';
import { folder, sessionHarness, trainSome } from '../../testing/sessionHarness.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const gallery = { step: 3, imageCount: 8, cards: [] };

/** A run in progress, and a gallery that has been requested. */
async function requested() {
  const harness = sessionHarness();
  await trainSome(harness.session, 1500);
  const made = harness.session.makeGallery();
  return { ...harness, made };
}

it('a gallery shows its progress while it is made, and is kept until other images come', async () => {
  const { session, progress, answer, made } = await requested();
  progress('gallery', { phase: 'Segmenting', fraction: 0.5 });
  await vi.advanceTimersByTimeAsync(200);
  expect(session.store.getState().jobs).toMatchObject([{ kind: 'gallery', phase: 'Segmenting', fraction: 0.5 }]);
  await answer('gallery', gallery);
  await made;
  expect(session.store.getState()).toMatchObject({ jobs: [], gallery });
  session.stop();
  await vi.advanceTimersByTimeAsync(200);
  expect(session.store.getState().gallery).toEqual(gallery);
  await session.readFolder(() => Promise.resolve(folder(['a.jpg'])), 144);
  expect(session.store.getState().gallery).toBeUndefined();
});

it('a gallery that is canceled leaves nothing behind', async () => {
  const { session, sent, made } = await requested();
  session.cancelJobs('gallery');
  await made;
  expect(sent.at(-1)?.type).toBe('abort');
  expect(session.store.getState()).toMatchObject({ jobs: [], gallery: undefined, notices: [] });
});

it('a gallery of images that were replaced meanwhile is dropped', async () => {
  const { session, answer, made } = await requested();
  session.stop();
  await vi.advanceTimersByTimeAsync(200);
  await session.readFolder(() => Promise.resolve(folder(['a.jpg'])), 144);
  await answer('gallery', gallery);
  await made;
  expect(session.store.getState().gallery).toBeUndefined();
});

it('segments like another come in order, and none after an error', async () => {
  const { session, requests, answer, fail } = await requested();
  await answer('gallery', gallery);
  const segment = { prototype: 2, score: 1, overlay: stripOverlay(1, [0, 2]) };
  const found = session.moreLike(segment);
  expect(requests('similarSegments').at(-1)?.input).toMatchObject({ image: 1, prototype: 2 });
  await answer('similarSegments', [segment]);
  expect(await found).toEqual([segment]);
  const failed = session.moreLike(segment);
  await fail('similarSegments', { code: 'gallery/gone', message: 'gone' });
  expect(await failed).toEqual([]);
  expect(session.store.getState()).toMatchObject({ jobs: [], notices: [{ code: 'gallery/gone' }], saving: 0 });
});

import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createConfusion, scoreSegmentation } from '../../metrics/segmentation.ts';
import { config, folder, readPhotos, sessionHarness } from '../../testing/sessionHarness.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const confusion = createConfusion(2, 2);
confusion.counts.set([3, 1, 1, 3]);
const scores = scoreSegmentation(confusion);
const reportAt = (step: number) => ({
  step,
  pictures: 2,
  available: 2,
  leftOut: [],
  scores,
  confusion,
  classNames: ['0', '1'],
});

/** A session with images and two masks. */
async function scoring() {
  const harness = sessionHarness();
  const { session } = harness;
  session.open();
  await readPhotos(session);
  await session.chooseMasks(() => Promise.resolve(folder(['0.png', '1.PNG', 'notes.txt'])));
  await vi.advanceTimersByTimeAsync(0);
  const train = async (milliseconds: number): Promise<void> => {
    session.start(config, 'photos · Tiny');
    await vi.advanceTimersByTimeAsync(milliseconds);
  };
  return { ...harness, train, state: () => session.store.getState().scores };
}

it('masks are PNGs, and how many images have one is known once the images are there', async () => {
  const { session, requests, state } = await scoring();
  expect(
    requests('readMasks')
      .at(-1)
      ?.input.files.map(({ path }) => path),
  ).toEqual(['0.png', '1.PNG']);
  expect(state().masks).toEqual({
    status: 'folder',
    name: 'photos',
    files: 2,
    masked: 2,
    how: '2 masks matched by name',
  });
  await session.chooseMasks(() => Promise.resolve(folder(['a.jpg'])));
  const latest = () => session.store.getState().notices.at(-1)?.message;
  expect(latest()).toContain('"photos" holds 1 JPEG files and no PNGs. JPEG changes the values of a mask');
  await session.chooseMasks(() => Promise.resolve(folder(['a.json', 'b.json'])));
  expect(latest()).toContain('2 JSON files ("a.json", …)');
  expect(state().masks).toMatchObject({ status: 'folder', files: 2 });
  // Annotations take the place of PNGs where there are none.
  await session.chooseMasks(() => Promise.resolve(folder(['a.jpg', 'instances.json'])));
  expect(requests('readMasks').at(-1)?.input.files).toMatchObject([{ path: 'instances.json' }]);
  // A new worker and new images need them again.
  const before = requests('readMasks').length;
  session.open();
  expect(requests('readMasks').length).toBeGreaterThan(before);
});

it('scores on demand, then the baselines, which stay', async () => {
  const { session, requests, answer, train, state } = await scoring();
  await train(1500);
  session.setScoring({ voidValue: 255 });
  const scored = session.score();
  expect(requests('score').at(-1)?.input).toEqual({ source: 'masks', voidValue: 255 });
  await answer('score', reportAt(4));
  expect(requests('baselines').at(-1)?.input).toMatchObject({ source: 'masks', voidValue: 255 });
  const baselines = { pictures: 2, untrained: scores, colors: scores };
  await answer('baselines', baselines);
  await scored;
  expect(state()).toMatchObject({ report: reportAt(4), baselines, curve: [{ step: 4, miou: 0.6 }] });
  void session.score();
  await answer('score', reportAt(6));
  expect(requests('baselines')).toHaveLength(1);
  expect(state().curve.map(({ step }) => step)).toEqual([4, 6]);
  // By another rule the numbers are others.
  session.setScoring({ voidValue: undefined });
  expect(state()).toMatchObject({ report: undefined, baselines: undefined, curve: [] });
});

it('has a run scored every few steps, by the rules of the moment', async () => {
  const { session, sent, emit, requests, progress, train, state } = await scoring();
  expect(requests('scoreEvery')).toEqual([]);
  session.setScoring({ everySteps: 5 });
  await train(1500);
  const latest = () => requests('scoreEvery').slice(-1)[0];
  const first = latest();
  expect(first.input).toEqual({ everySteps: 5, target: { source: 'masks', limit: 64 } });
  progress('scoreEvery', reportAt(5));
  progress('scoreEvery', reportAt(10));
  expect(state().curve.map(({ step }) => step)).toEqual([5, 10]);
  session.setScoring({ voidValue: 0 });
  expect(requests('scoreEvery').at(-1)?.input.target).toMatchObject({ source: 'masks', voidValue: 0 });
  emit({ type: 'progress', id: first.id, progress: reportAt(15) });
  expect(state().curve).toEqual([]);
  const { id } = latest();
  session.setScoring({ everySteps: 0 });
  expect(sent.at(-1)).toEqual({ type: 'abort', id });
  session.setScoring({ everySteps: -1 });
  expect(state().scoring).toEqual({ voidValue: 0, everySteps: 0 });
});

it('drops the scores of other masks or of another run', async () => {
  const { session, requests, emit, train, state } = await scoring();
  await train(1500);
  const scored = session.score();
  const { id } = requests('score')[0];
  await session.chooseMasks(() => Promise.resolve(folder(['2.png'])));
  emit({ type: 'result', id, result: reportAt(4) });
  await scored;
  expect(state()).toMatchObject({ report: undefined, curve: [] });
  session.forgetMasks();
  await session.score();
  expect(requests('score')).toHaveLength(1);
});

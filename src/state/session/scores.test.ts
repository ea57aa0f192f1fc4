import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createConfusion, scoreSegmentation } from '../../metrics/segmentation.ts';
import { config, folder, readPhotos, sessionHarness } from '../../testing/sessionHarness.ts';
import type { ToWorker } from '../../worker/protocol.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const confusion = createConfusion(2, 2);
confusion.counts.set([3, 1, 1, 3]);
const scores = scoreSegmentation(confusion);
const reportAt = (step: number) => ({ step, pictures: 2, available: 2, scores, confusion, classNames: ['0', '1'] });

/** A run in progress, judged by two masks. */
async function judged() {
  const harness = sessionHarness();
  const { session, sent, emit } = harness;
  session.open();
  await readPhotos(session);
  await session.chooseMasks(() => Promise.resolve(folder(['0.png', '1.PNG', 'notes.txt'])));
  const jobs = () => sent.filter((message): message is Extract<ToWorker, { type: 'job' }> => message.type === 'job');
  /** Answers the latest job, which is to score. */
  const answer = async (step: number): Promise<void> => {
    emit({ type: 'jobDone', requestId: jobs().at(-1)!.requestId, result: { kind: 'score', report: reportAt(step) } });
    await vi.advanceTimersByTimeAsync(0);
  };
  const train = async (milliseconds: number): Promise<void> => {
    session.start(config, 'photos · Tiny');
    await vi.advanceTimersByTimeAsync(milliseconds);
  };
  return { ...harness, jobs, answer, train, state: () => session.store.getState().scores };
}

it('masks are PNGs, and how many images have one is told once the images are there', async () => {
  const { session, sent, state } = await judged();
  const read = sent.findLast((message) => message.type === 'readMasks');
  expect(read?.files.map(({ path }) => path)).toEqual(['0.png', '1.PNG']);
  expect(state().masks).toEqual({ status: 'folder', name: 'photos', files: 2, masked: 2 });
  await session.chooseMasks(() => Promise.resolve(folder(['a.jpg'])));
  expect(session.store.getState().troubles.at(-1)?.message).toContain('no PNG files');
  expect(state().masks).toMatchObject({ status: 'folder', files: 2 });
  // A new worker and new images are told of them again.
  const told = () => sent.filter(({ type }) => type === 'readMasks').length;
  const before = told();
  session.open();
  expect(told()).toBeGreaterThan(before);
});

it('scores when asked, then what there is to compare with, which stays', async () => {
  const { session, emit, jobs, answer, train, state } = await judged();
  await train(1500);
  session.setScoring({ voidValue: 255 });
  const scored = session.score();
  expect(jobs().at(-1)?.job).toEqual({ kind: 'score', by: 'masks', voidValue: 255 });
  await answer(4);
  const compared = jobs().at(-1)!;
  expect(compared.job).toMatchObject({ kind: 'baselines', by: 'masks', voidValue: 255 });
  const baselines = { pictures: 2, untrained: scores, colors: scores };
  emit({ type: 'jobDone', requestId: compared.requestId, result: { kind: 'baselines', baselines } });
  await scored;
  expect(state()).toMatchObject({ report: reportAt(4), baselines, curve: [{ step: 4, miou: 0.6 }] });
  void session.score();
  await answer(6);
  expect(jobs().at(-1)?.job.kind).toBe('score');
  expect(state().curve.map(({ step }) => step)).toEqual([4, 6]);
  // By another rule the numbers are others.
  session.setScoring({ voidValue: undefined });
  expect(state()).toMatchObject({ report: undefined, baselines: undefined, curve: [] });
});

it('has a run scored every few steps, by what it is judged by now', async () => {
  const { session, sent, emit, train, state } = await judged();
  const asked = () => sent.findLast((message) => message.type === 'scoreEvery');
  expect(asked()).toBeUndefined();
  session.setScoring({ everySteps: 5 });
  await train(1500);
  const first = asked()!;
  expect(first).toMatchObject({ everySteps: 5, judged: { by: 'masks', most: 64 } });
  emit({ type: 'scored', requestId: first.requestId, report: reportAt(5) });
  emit({ type: 'scored', requestId: first.requestId, report: reportAt(10) });
  expect(state().curve.map(({ step }) => step)).toEqual([5, 10]);
  session.setScoring({ voidValue: 0 });
  expect(asked()).toMatchObject({ everySteps: 5, judged: { by: 'masks', voidValue: 0 } });
  emit({ type: 'scored', requestId: first.requestId, report: reportAt(15) });
  expect(state().curve).toEqual([]);
  session.setScoring({ everySteps: 0 });
  expect(asked()).toMatchObject({ everySteps: 0 });
  session.setScoring({ everySteps: -1 });
  expect(state().scoring).toEqual({ voidValue: 0, everySteps: 0 });
});

it('what other masks, or another run, would score is not shown', async () => {
  const { session, jobs, answer, train, state } = await judged();
  await train(1500);
  void session.score();
  await session.chooseMasks(() => Promise.resolve(folder(['2.png'])));
  await answer(4);
  expect(state()).toMatchObject({ report: undefined, curve: [] });
  session.forgetMasks();
  await session.score();
  expect(jobs()).toHaveLength(1);
});

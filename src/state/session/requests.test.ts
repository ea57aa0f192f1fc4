import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { stripOverlay } from '../../testing/overlays.ts';
import { config, folder, readPhotos, sessionHarness, trainSome } from '../../testing/sessionHarness.ts';
import type { RequestKind } from '../../worker/requests.ts';
import type { SessionState } from './session.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** The parts of the state that requests change. */
function watched({ adapter, run, saving, lastSaved, resume, jobs, masks, gallery, scores }: SessionState) {
  return {
    adapter: adapter.status,
    run: run.status,
    saving,
    lastSaved,
    resume: resume.status,
    jobs: jobs.map(({ kind }) => kind),
    masks: masks.status,
    gallery,
    scores,
  };
}

const JOBS = [
  'overlays',
  'segmentPicture',
  'exportMasks',
  'gallery',
  'similarSegments',
  'regions',
  'score',
  'baselines',
] as const;
const without = (kind: RequestKind) => ({ jobs: JOBS.filter((one) => one !== kind) });

/** Changes of the state by the failure of a request; all else stays. */
const CHANGES: Readonly<Record<Exclude<RequestKind, 'open'>, Partial<ReturnType<typeof watched>>>> = {
  planRun: {},
  saveCheckpoint: { saving: 0 },
  readCheckpoint: { resume: 'none' },
  readMasks: {},
  scoreEvery: {},
  overlays: without('overlays'),
  segmentPicture: without('segmentPicture'),
  gallery: without('gallery'),
  similarSegments: without('similarSegments'),
  exportMasks: { ...without('exportMasks'), masks: 'failed' },
  regions: without('regions'),
  score: without('score'),
  baselines: without('baselines'),
};
const KINDS = Object.keys(CHANGES) as (keyof typeof CHANGES)[];

/** A run in progress, with a pending request of every kind. */
async function allPending() {
  const harness = sessionHarness();
  const { session, held, requests } = harness;
  await trainSome(session, 1500);
  for (const kind of KINDS) held.add(kind);
  session.setScoring({ everySteps: 5 });
  await session.chooseMasks(() => Promise.resolve(folder(['0.png'])));
  session.planMemory(config);
  session.saveCheckpoint();
  session.readCheckpoint(new File(['nothing'], 'a.safetensors'), config);
  void session.runJob('overlays', {});
  void session.runJob('segmentPicture', { picture: { width: 1, height: 1, data: new Uint8Array(3) }, model: 1 });
  void session.exportMasks();
  void session.makeGallery();
  void session.moreLike({ prototype: 0, score: 1, overlay: stripOverlay(0, [0]) });
  void session.runJob('regions', { keepAs: 'run' });
  void session.score();
  void session.runJob('baselines', { source: 'masks' });
  await vi.advanceTimersByTimeAsync(0);
  for (const kind of KINDS) expect(requests(kind), kind).not.toEqual([]);
  const state = () => watched(session.store.getState());
  expect(state()).toMatchObject({ saving: 1, resume: 'checking', jobs: JOBS, masks: 'working' });
  return { ...harness, state };
}

describe.each(KINDS)('a request of kind %s', (kind) => {
  it('that fails changes its own part of the state alone, and is reported', async () => {
    const { session, fail, state } = await allPending();
    const before = state();
    await fail(kind, { code: 'gpu/out-of-memory', message: 'too large' });
    expect(state()).toEqual({ ...before, ...CHANGES[kind] });
    expect(session.store.getState().notices).toMatchObject([{ code: 'gpu/out-of-memory', message: 'too large' }]);
  });
});

it('an adapter that can’t be opened is reported, and the images are kept', async () => {
  const { session, held, fail } = sessionHarness();
  held.add('open');
  session.open();
  await readPhotos(session);
  await fail('open', { code: 'gpu/backend', message: 'no adapter' });
  expect(session.store.getState()).toMatchObject({
    adapter: { status: 'failed' },
    images: { status: 'ready' },
    notices: [{ code: 'gpu/backend' }],
  });
});

it('a crash ends every request, and is reported once', async () => {
  const { session, crash, state } = await allPending();
  crash();
  await vi.advanceTimersByTimeAsync(0);
  expect(state()).toMatchObject({ saving: 0, resume: 'none', jobs: [], masks: 'failed', run: 'ended' });
  expect(session.store.getState().notices.map(({ code }) => code)).toEqual(['worker/crashed']);
});

it('a new worker ends every request without a notice', async () => {
  const { session, state } = await allPending();
  session.open();
  await vi.advanceTimersByTimeAsync(0);
  expect(state()).toMatchObject({ saving: 0, resume: 'none', jobs: [], masks: 'canceled' });
  expect(session.store.getState().notices).toEqual([]);
});

it('hands what is known of an adapter’s kernels to the worker of the next visit', async () => {
  const { session, held, requests, answer, emit } = sessionHarness();
  const proven = { on: 'Card 5, Browser 9, page 1', family: 'register' } as const;
  held.add('open');
  session.open();
  expect(requests('open')).toMatchObject([{ input: {} }]);
  await answer('open', {
    backend: 'webgpu',
    description: 'Card 5',
    slow: false,
    engine: 'compiled',
    hostBytes: undefined,
    proven,
  });
  session.open();
  const tuned = { ...proven, tuned: 'convolution=register/4' };
  emit({ type: 'tuned', proven: tuned });
  session.open();
  expect(requests('open').map(({ input }) => input.proven)).toEqual([undefined, proven, tuned]);
});

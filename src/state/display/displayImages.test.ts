import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { SAMPLE_SCENES } from '../../config/presets.ts';
import { defined } from '../../lib/defined.ts';
import { config, folder, sessionHarness, trainSome } from '../../testing/sessionHarness.ts';
import type { ToDisplay } from '../../worker/decode/displayMessages.ts';
import { createDisplaySources } from './displayImages.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function setUp() {
  const harness = sessionHarness();
  const jobs: ToDisplay[] = [];
  const make = (job: ToDisplay) => {
    jobs.push(job);
    return Promise.resolve(undefined);
  };
  return { ...harness, jobs, sources: createDisplaySources(harness.session, { make }) };
}

it('the watched images of a run that has ended stay those of its folder while another is chosen', async () => {
  const { session, sources } = setUp();
  const image = { index: 0, path: 'a.jpg' };
  await trainSome(session, 1500);
  const key = defined(sources.getState().watched)(image).key;
  expect(defined(sources.getState().present)(image).key).toBe(key);
  session.stop();
  await vi.advanceTimersByTimeAsync(200);
  await session.readFolder(() => Promise.resolve(folder(['a.jpg'])), 144);
  expect(defined(sources.getState().watched)(image).key).toBe(key);
  expect(defined(sources.getState().present)(image).key).not.toBe(key);
  session.start(config, 'again');
  expect(sources.getState().watched).toBe(sources.getState().present);
});

it('opens the file of an image; of a page, the file that holds it; a sample scene has none', async () => {
  const { session, sources, jobs } = setUp();
  session.open();
  const open = (path: string): Promise<File> =>
    path.endsWith('#3') ? Promise.reject(new Error('not found')) : Promise.resolve(new File([], path));
  const picked = { ...folder(['stack.tif', 'odd#2.png']), open };
  await session.readFolder(() => Promise.resolve(picked), 144);
  const source = defined(sources.getState().present);
  for (const path of ['odd#2.png', 'stack.tif#3']) await source({ index: 0, path }).load(200);
  session.readSamples();
  await defined(sources.getState().present)({ index: 7, path: 'scene-0007' }).load(300);
  expect(jobs).toMatchObject([
    { longer: 200, subject: { kind: 'file', path: 'odd#2.png', page: 1 } },
    { longer: 200, subject: { kind: 'file', path: 'stack.tif', page: 3 } },
    { longer: 300, subject: { kind: 'scene', seed: SAMPLE_SCENES.seed, index: 7 } },
  ]);
});

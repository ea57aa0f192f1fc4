import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { SkippedFile } from '../../domain/images.ts';
import { folder, sessionHarness } from '../../testing/sessionHarness.ts';
import type { PickedImages } from './listing.ts';
import { datasetOf } from './images.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

interface Walk extends PickedImages {
  /** Comes upon some files. */
  find(paths: readonly string[], problems?: readonly SkippedFile[]): void;
  end(error?: Error): void;
}

/** A folder whose walk goes as far as the test lets it. */
function slowFolder(gone: ReadonlySet<string> = new Set()): Walk {
  const steps: ({ paths: readonly string[]; problems: readonly SkippedFile[] } | { error?: Error | undefined })[] = [];
  let wake = (): void => undefined;
  const push = (step: (typeof steps)[number]): void => {
    steps.push(step);
    wake();
  };
  return {
    name: 'photos',
    list: async function* () {
      for (;;) {
        const step = steps.shift();
        if (!step) await new Promise<void>((resolve) => (wake = resolve));
        else if ('paths' in step) yield step;
        else if (step.error) throw step.error;
        else return;
      }
    },
    open: (path) => (gone.has(path) ? Promise.reject(new Error('not found')) : Promise.resolve(new File([], path))),
    find: (paths, problems = []) => push({ paths, problems }),
    end: (error) => push({ error }),
  };
}

function setUp() {
  const harness = sessionHarness();
  harness.session.open();
  const images = () => harness.session.store.getState().images;
  const files = () =>
    harness.sent.flatMap((message) =>
      message.type === 'files' ? message.files.map((one) => ('skipped' in one ? one.skipped : one.path)) : [],
    );
  return { ...harness, images, files };
}

it('sends files while the folder is still being walked, as many as are requested', async () => {
  const { session, images, files } = setUp();
  const walk = slowFolder();
  const begun = session.readFolder(() => Promise.resolve(walk), 144);
  await vi.advanceTimersByTimeAsync(200);
  expect(images()).toEqual({ status: 'listing' });
  walk.find(Array.from({ length: 7 }, (_, index) => `z${index}.jpg`));
  await begun;
  await vi.advanceTimersByTimeAsync(200);
  expect(images()).toMatchObject({ status: 'reading', total: 7, isListing: true });
  // The fake worker requests five at a time, and waits for more.
  expect(files()).toHaveLength(7);
  walk.find(['a.jpg'], [{ path: 'locked', reason: 'unreadable', detail: 'no permission' }]);
  await vi.advanceTimersByTimeAsync(200);
  expect(images()).toMatchObject({ total: 8, isListing: true, dataset: { skipped: [{ path: 'locked' }] } });
  walk.end();
  await vi.advanceTimersByTimeAsync(1000);
  expect(images()).toMatchObject({ status: 'ready', canceled: false, dataset: { usable: 8 } });
  const paths = datasetOf(images())?.images.map(({ path }) => path) ?? [];
  expect(paths, 'by path, as the worker has them').toEqual(['a.jpg', ...paths.slice(1).sort()]);
});

it('skips files that vanish between the walk and the reading', async () => {
  const { session, images, files } = setUp();
  const { list, name } = folder(['a.jpg', 'b.jpg']);
  const { open } = slowFolder(new Set(['b.jpg']));
  await session.readFolder(() => Promise.resolve({ name, list, open }), 144);
  await vi.advanceTimersByTimeAsync(500);
  expect(files()).toEqual(['a.jpg', { path: 'b.jpg', reason: 'unreadable', detail: "It can't be read (not found)." }]);
  expect(images().status).toBe('ready');
});

it('looks no further once the reading is canceled', async () => {
  const { session, images, sent } = setUp();
  const walk = slowFolder();
  const begun = session.readFolder(() => Promise.resolve(walk), 144);
  walk.find(['a.jpg']);
  await begun;
  session.cancelReading();
  await vi.advanceTimersByTimeAsync(500);
  expect(sent.findLast(({ type }) => type === 'files')).toMatchObject({ isLast: true });
  expect(images()).toMatchObject({ status: 'ready', dataset: { usable: 1 } });
});

it('uses what was found of a folder that breaks off, and says so', async () => {
  const { session, images } = setUp();
  const walk = slowFolder();
  const begun = session.readFolder(() => Promise.resolve(walk), 144);
  walk.find(['a.jpg', 'b.jpg']);
  await begun;
  walk.end(new Error('the drive is gone'));
  await vi.advanceTimersByTimeAsync(500);
  expect(images()).toMatchObject({ status: 'ready', dataset: { usable: 2 } });
  expect(session.store.getState().notices).toMatchObject([{ code: 'folder/unreadable', message: 'the drive is gone' }]);
});

it('a second folder takes the place of one that is still looked through', async () => {
  const { session, images, sent } = setUp();
  const slow = slowFolder();
  const first = session.readFolder(() => Promise.resolve(slow), 144);
  await session.readFolder(() => Promise.resolve(folder(['a.jpg'])), 144);
  slow.find(['late.jpg']);
  await first;
  await vi.advanceTimersByTimeAsync(500);
  expect(images()).toMatchObject({ status: 'ready', dataset: { usable: 1 } });
  expect(sent.filter(({ type }) => type === 'readFiles')).toHaveLength(1);
});

it('reads the folder again for a new worker, from its first file', async () => {
  const { session, files, crash } = setUp();
  await session.readFolder(() => Promise.resolve(folder(['a.jpg', 'b.jpg'])), 144);
  await vi.advanceTimersByTimeAsync(500);
  crash();
  session.open();
  await vi.advanceTimersByTimeAsync(500);
  expect(files()).toEqual(['a.jpg', 'b.jpg', 'a.jpg', 'b.jpg']);
});

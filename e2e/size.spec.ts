import { gzipSync } from 'node:zlib';
import type { BrowserContext, Request } from '@playwright/test';
import { folderOfPictures } from './helpers/files.ts';
import { expect, SMALL, test } from './fixtures.ts';

test.use({ serviceWorkers: 'allow' });

/** What a visit with WebGPU may load before its first step, gzipped. */
const MAX_BYTES = 275_000;

interface Loaded {
  readonly url: string;
  readonly gzipped: number;
  /** Whether it is part of tfjs: the name of one of its kernels is in no other file. */
  readonly tfjs: boolean;
}

/** Records the files that the page and its workers load until some time (ms since 1970), without those that the service worker keeps for offline use. */
function recordFiles(context: BrowserContext): (until?: number) => Promise<readonly Loaded[]> {
  const requests: Request[] = [];
  context.on('request', (request) => {
    if (!request.serviceWorker() && request.url().startsWith('http')) requests.push(request);
  });
  const load = async (url: string): Promise<Loaded> => {
    // Once more: the browser doesn't keep the bodies of workers.
    const body = await (await context.request.get(url)).body();
    return { url, gzipped: gzipSync(body).length, tfjs: body.includes('Conv2DBackpropFilter') };
  };
  return (until = Infinity) => {
    const urls = requests.filter((request) => request.timing().startTime <= until).map((request) => request.url());
    return Promise.all([...new Set(urls)].map(load));
  };
}

/** Runs in the page: resolves with the time at which it shows the first step. What draws it in curves is loaded a moment later. */
function firstStep(): Promise<number> {
  return new Promise((resolve) => {
    const observer = new MutationObserver(() => {
      if (window.slotconTab.state().step < 1) return;
      observer.disconnect();
      resolve(Date.now());
    });
    observer.observe(document, { subtree: true, childList: true, characterData: true });
  });
}

test('a visit with WebGPU loads at most 275 KB until its first step, and no tfjs', async ({
  context,
  page,
  training,
}, testInfo) => {
  const loaded = recordFiles(context);
  await training.open('/');
  // What the first drawing of a trained model loads comes after the first step.
  await training.set({ ...SMALL, steps: 1000, displayEverySteps: 1000 });
  await training.readImages(await folderOfPictures(testInfo.outputPath('photos'), 8));
  const stepped = page.evaluate(firstStep);
  await training.start();

  const files = [...(await loaded(await stepped))].sort((a, b) => b.gzipped - a.gzipped);
  const total = files.reduce((sum, { gzipped }) => sum + gzipped, 0);
  console.log(`${total} bytes gzipped in ${files.length} files:`);
  for (const { url, gzipped } of files.slice(0, 6)) console.log(`  ${gzipped} ${url}`);
  expect(files.filter(({ tfjs }) => tfjs)).toEqual([]);
  // Page, style sheet, training worker and decoding worker.
  expect(files.length).toBeGreaterThanOrEqual(4);
  expect(total).toBeLessThanOrEqual(MAX_BYTES);
});

test('the eager engine loads tfjs, from within the worker', async ({ context, training }) => {
  const loaded = recordFiles(context);
  await training.open('/?engine=eager');
  expect((await loaded()).filter(({ tfjs }) => tfjs).length).toBeGreaterThan(0);
});

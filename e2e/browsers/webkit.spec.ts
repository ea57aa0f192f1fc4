import type { Page } from '@playwright/test';
import { defined } from '../../src/lib/defined.ts';
import { expect, LASTING, SMALL, test } from '../fixtures.ts';
import { folderOfPictures } from '../helpers/files.ts';

// It would answer requests for the code of workers, which is changed here.
test.use({ serviceWorkers: 'block' });

test('without what WebKit lacks it trains from a folder, keeps the run, is reloaded and continues', async ({
  page,
  training,
}, testInfo) => {
  await asInWebKit(page);
  await training.open('/');
  const trainer = page.workers()[0];
  expect(await trainer.evaluate(lefts)).toEqual([]);
  expect(await page.evaluate(lefts)).toEqual([]);
  await training.set({ ...SMALL, ...LASTING, autosaveEverySteps: 1 });
  const folder = await folderOfPictures(testInfo.outputPath('pictures'), 8);
  await choose(page, 'Choose folder', folder);
  await training.until(({ images }) => images.status === 'ready');
  await training.start();
  await training.until(({ snapshotSteps }) => snapshotSteps.includes(2));
  await page.getByRole('button', { name: 'Pause', exact: true }).click();
  await training.until(({ status }) => status === 'paused');

  await page.reload();
  const offer = await page.getByTestId('interrupted').innerText();
  const end = Number(defined(/state after step (\d+) is saved/.exec(offer))[1]) + 2;
  await training.stopAfter(end);
  await choose(page, 'Continue', folder);
  const ended = await training.until(({ status }) => status === 'ended');
  expect(ended).toMatchObject({ endReason: 'stopped', step: end, records: end, notices: [] });
});

/** Takes away what WebKit lacks, or lacked until lately, from the page and its workers. */
async function asInWebKit(page: Page): Promise<void> {
  await page.addInitScript(takeAway);
  await page.route('**/assets/entry-*.js', async (route) => {
    // Not by route.fetch(), whose response is gone when the page is reloaded or closed before it is read.
    const response = await fetch(route.request().url());
    const headers = Object.fromEntries(response.headers);
    delete headers['content-length'];
    await route.fulfill({ headers, body: `(${String(takeAway)})();${await response.text()}` });
  });
}

function takeAway(): void {
  const scope = globalThis as unknown as Record<string, { prototype: object } | undefined>;
  const take = (object: object | undefined, ...names: string[]): void => {
    for (const name of names) if (object) Reflect.deleteProperty(object, name);
  };
  take(scope, 'showDirectoryPicker');
  take(scope.FileSystemFileHandle?.prototype, 'createWritable');
  take(scope.FileSystemHandle?.prototype, 'queryPermission', 'requestPermission');
  take(scope.DataTransferItem?.prototype, 'getAsFileSystemHandle');
  take(scope.StorageManager?.prototype, 'persist', 'persisted', 'estimate');
  take((scope.Navigator ?? scope.WorkerNavigator)?.prototype, 'deviceMemory');
  for (const owner of [scope.GPUAdapter, scope.GPUDevice]) {
    if (owner) Object.defineProperty(owner.prototype, 'features', { value: new Set() });
  }
  Object.defineProperty(PerformanceObserver, 'supportedEntryTypes', { value: [] });
}

/** Returns what should have been taken away and is still there. */
async function lefts(): Promise<string[]> {
  const adapter = await navigator.gpu.requestAdapter();
  const left = [...(adapter?.features ?? ['no adapter'])];
  if ('showDirectoryPicker' in globalThis) left.push('showDirectoryPicker');
  if ('createWritable' in FileSystemFileHandle.prototype) left.push('createWritable');
  if ('deviceMemory' in navigator) left.push('deviceMemory');
  return left;
}

/** Presses a button that opens the system's dialog, and chooses a folder there. */
async function choose(page: Page, button: string, folder: string): Promise<void> {
  const asked = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: button, exact: true }).first().click();
  await (await asked).setFiles(folder);
}

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encode } from 'fast-png';
import type { Page } from 'playwright';
import { sampleScene } from '../../data/scenes/samples.ts';
import { DISPLAY_BYTES } from '../../state/display/displayCopies.ts';
import { SMALL_NETWORK } from '../../testing/smallNetwork.ts';
import { launchProfile } from '../chromium.ts';
import { writeCopies } from './copies.ts';
import { dropPath } from '../dropPath.ts';
import { heapBytes } from './heaps.ts';
import { recordTasks } from './mainTasks.ts';
import { photograph } from './photograph.ts';
import { serve } from '../../../scripts/site.mjs';
import { createTrainingPage, type TrainingPage } from '../training/trainingPage.ts';

const FOLDERS = 100;
/** Working size of the photographs: most of 5,000 of them don't fit into memory. */
const WORKING_SIZE = 384;

/** Measures how long the page takes to list `count` dropped files, and the memory it holds per file. */
export async function listMany(count: number): Promise<void> {
  const scratch = mkdtempSync(join(tmpdir(), 'files-'));
  const folder = join(scratch, 'many');
  const pathBytes = writeCopies(folder, count, FOLDERS, encode({ ...sampleScene(2, 0, 16).image, channels: 3 }), 'png');
  await inPage(scratch, async (page, training, adapter) => {
    const session = await page.context().newCDPSession(page);
    const heap = (): Promise<number> => heapBytes((method) => session.send(method as 'Runtime.getHeapUsage'));
    const before = await heap();
    const { length: earlier } = await training.longTasks();
    const began = performance.now();
    const since = (): number => (performance.now() - began) / 1000;
    const dropped = dropPath(page, folder);
    await training.until(({ images }) => images.found > 0);
    const firstFilesSeconds = since();
    const { images: first } = await training.until(({ images }) => images.usable > 0);
    const firstPictureSeconds = since();
    const { images: listed } = await training.until(({ images }) => !images.isListing);
    const listedSeconds = since();
    await dropped;
    const tasks = (await training.longTasks()).slice(earlier);
    const grown = (await heap()) - before;
    console.log(
      JSON.stringify(
        {
          adapter,
          date: new Date().toISOString(),
          files: listed.found,
          firstFilesSeconds,
          firstPictureSeconds,
          foundAtFirstPicture: first.found,
          listedSeconds,
          usableWhenListed: listed.usable,
          longTasks: tasks,
          heapBytesAFile: grown / count,
          pathBytesAFile: pathBytes / count,
        },
        undefined,
        2,
      ),
    );
  });
}

/** Watched images, all of them on a screen of `SCREEN` pixels. */
const WATCHED = 32;
const SCREEN = { width: 1920, height: 3000 };

/**
 * Measures how long a run on `count` photographs of 12 megapixels waits for data, in each of its first three epochs; and the
 * main thread's long tasks and the memory of display copies while they are read and shown.
 */
export async function trainOnMany(count: number): Promise<void> {
  const scratch = mkdtempSync(join(tmpdir(), 'photographs-'));
  const folder = join(scratch, 'photographs');
  writeCopies(folder, count, 1, await photograph(), 'jpg');
  await inPage(scratch, async (page, training, adapter) => {
    await page.setViewportSize(SCREEN);
    const batchSize = 64;
    const stepsPerEpoch = Math.floor(count / batchSize);
    await training.set({
      ...SMALL_NETWORK,
      batchSize,
      workingSize: WORKING_SIZE,
      steps: 3 * stepsPerEpoch,
      displayEverySteps: stepsPerEpoch,
      watchedImages: WATCHED,
      autosaveEverySteps: 0,
    });
    const reading = await recordTasks(page);
    const began = performance.now();
    await dropPath(page, folder);
    const { images } = await training.until(({ images }) => images.status === 'ready');
    const readSeconds = (performance.now() - began) / 1000;
    const whileReading = await training.longTasks();
    const longestWhileReading = await reading.longest();
    const storage = await page.evaluate(() => navigator.storage.estimate().then(({ usage }) => usage));
    const showing = await recordTasks(page);
    await training.start();
    await untilShown(page, WATCHED);
    const shownSeconds = (performance.now() - began) / 1000;
    const longestUntilShown = await showing.longest();
    const epochs: { epoch: number; stepMs: number; dataWaitShare: number }[] = [];
    for (let epoch = 1; epoch <= 3; epoch++) {
      const { timing } = await training.until(({ step }) => step >= epoch * stepsPerEpoch);
      const { imagesPerSecond, dataWaitShare } = timing;
      epochs.push({ epoch, stepMs: (1000 * batchSize) / imagesPerSecond, dataWaitShare });
      console.error(`epoch ${epoch}`);
    }
    const display = {
      shownSeconds,
      bytes: await page.evaluate(() => window.slotconTab.displayBytes()),
      budgetBytes: DISPLAY_BYTES,
    };
    const longTasks = { whileReading, whileShown: (await training.longTasks()).slice(whileReading.length) };
    const { usable } = images;
    const result = {
      adapter,
      date: new Date().toISOString(),
      usable,
      readSeconds,
      storage,
      epochs,
      display,
      longTasks,
      longestTaskInCpuTime: { whileReading: longestWhileReading, untilShown: longestUntilShown },
    };
    console.log(JSON.stringify(result, undefined, 2));
  });
}

/** Waits until so many watched images are there at the resolution of the screen. */
async function untilShown(page: Page, count: number): Promise<void> {
  const sharp = page.locator('[data-testid=overlay-tile] [data-testid=photograph][data-side]');
  await sharp.nth(count - 1).waitFor({ timeout: 600_000 });
}

async function inPage(
  scratch: string,
  use: (page: Page, training: TrainingPage, adapter: string) => Promise<void>,
): Promise<void> {
  const server = await serve();
  // Without a profile the browser would hold the page's storage in memory.
  const browser = await launchProfile(join(scratch, 'profile'));
  try {
    const page = await browser.newPage();
    const training = createTrainingPage(page);
    const adapter = await training.open(server.url);
    await use(page, training, adapter.description);
  } finally {
    await browser.close();
    await server.close();
    rmSync(scratch, { recursive: true, force: true, maxRetries: 5 });
  }
}

import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encode } from 'fast-png';
import type { Page } from 'playwright';
import { sampleScene } from '../../data/scenes/samples.ts';
import { SMALL_NETWORK } from '../../testing/smallNetwork.ts';
import { launchChromium } from '../chromium.ts';
import { dropPath } from '../dropPath.ts';
import { attachToWorker, heapBytes } from './heaps.ts';
import { serve } from '../../../scripts/site.mjs';
import { createTrainingPage } from '../training/trainingPage.ts';

/** Number of different images; the others are copies. */
const MAX_DISTINCT = 200;
const SAMPLES = 10;

/** Measures the memory of the page and its worker while a gallery of `count` images is made. */
export async function measureGallery(count: number): Promise<void> {
  const folder = writeImages(count);
  const server = await serve();
  const browser = await launchChromium();
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    const training = createTrainingPage(page);
    const adapter = await training.open(server.url);
    const session = await page.context().newCDPSession(page);
    const toWorker = await attachToWorker(session);
    const heaps = async () => ({
      workerHeapBytes: await heapBytes(toWorker),
      pageHeapBytes: await heapBytes((method) => session.send(method as 'Runtime.getHeapUsage')),
    });
    await training.set({ ...SMALL_NETWORK, steps: 2, autosaveEverySteps: 0 });
    const began = performance.now();
    await dropPath(page, folder);
    await training.until(({ images }) => images.status === 'ready');
    const readSeconds = (performance.now() - began) / 1000;
    const whileReading = await training.longTasks();
    await training.start();
    await training.until(({ status }) => status === 'ended');
    const before = { ...(await heaps()), longTasks: (await training.longTasks()).length };
    const gallery = await observeGallery(page, heaps);
    // Taking a sample collects garbage, which may be a long task: none are taken during the timed gallery.
    const from = (await training.longTasks()).length;
    const again = performance.now();
    await makeGallery(page);
    const seconds = (performance.now() - again) / 1000;
    const result = {
      adapter: adapter.description,
      date: new Date().toISOString(),
      count,
      readSeconds,
      whileReading,
      before,
      samples: gallery,
      seconds,
      longTasks: (await training.longTasks()).slice(from),
      after: await heaps(),
    };
    console.log(JSON.stringify(result, undefined, 2));
  } finally {
    await browser.close();
    await server.close();
    rmSync(folder, { recursive: true });
  }
}

function writeImages(count: number): string {
  const folder = mkdtempSync(join(tmpdir(), 'pictures-'));
  const name = (index: number): string => join(folder, `picture-${String(index).padStart(5, '0')}.png`);
  for (let index = 0; index < count; index++) {
    if (index < MAX_DISTINCT) writeFileSync(name(index), encode({ ...sampleScene(2, index).image, channels: 3 }));
    else copyFileSync(name(index % MAX_DISTINCT), name(index));
  }
  return folder;
}

/** Cancels a first gallery halfway, then takes samples during a second. */
async function observeGallery<Sample>(page: Page, sample: () => Promise<Sample>): Promise<readonly Sample[]> {
  await page.getByTestId('view-prototypes').click();
  const reached = (fraction: number): Promise<unknown> =>
    page.waitForFunction((minimum) => {
      const bar = document.querySelector<HTMLProgressElement>('progress[aria-label="Segmenting the images"]');
      return (bar ? bar.value : 1) >= minimum;
    }, fraction);
  const bar = page.getByRole('progressbar', { name: 'Segmenting the images' });
  await page.getByTestId('make-gallery').click();
  await bar.waitFor();
  await reached(0.5);
  await page.getByRole('button', { name: 'Cancel' }).click();
  await bar.waitFor({ state: 'hidden' });
  await page.getByTestId('make-gallery').click();
  await bar.waitFor();
  const samples: Sample[] = [];
  for (let tenth = 1; tenth <= SAMPLES; tenth++) {
    await reached(tenth / SAMPLES);
    samples.push(await sample());
    console.error(`${tenth * SAMPLES}% of the gallery`);
  }
  await bar.waitFor({ state: 'hidden' });
  return samples;
}

async function makeGallery(page: Page): Promise<void> {
  const bar = page.getByRole('progressbar', { name: 'Segmenting the images' });
  await page.getByTestId('make-gallery').click();
  await bar.waitFor();
  await bar.waitFor({ state: 'hidden', timeout: 600_000 });
}

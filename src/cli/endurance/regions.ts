import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encode } from 'fast-png';
import type { Page } from 'playwright';
import { sampleScene } from '../../data/scenes/samples.ts';
import { SMALL_NETWORK } from '../../testing/smallNetwork.ts';
import { launchProfile } from '../chromium.ts';
import { dropPath } from '../dropPath.ts';
import { attachToWorker, heapBytesWithBuffers } from './heaps.ts';
import { recordTasks } from './mainTasks.ts';
import { serve } from '../../../scripts/site.mjs';
import { createTrainingPage, type TrainingPage } from '../training/trainingPage.ts';
import { useMap, type MeasurePhase } from './mapUse.ts';

const SIDE = 96;
const ALBUM = 1000;
/** Vectors and cells as the presets have them; about half of the prototypes are present in a scene. */
const NETWORK = { ...SMALL_NETWORK, cropSize: 64, workingSize: SIDE, outputStride: 8, outDim: 64, prototypes: 32 };

/** A part of the measurement. */
interface Phase {
  readonly name: string;
  readonly seconds: number;
  /** CPU time of the main thread's longest task in ms. */
  readonly longestTask: number;
}

/** Measures the map of the regions of `count` scenes: the pass, the layout, and all that the map offers. */
export async function mapMany(count: number): Promise<void> {
  const scratch = mkdtempSync(join(tmpdir(), 'regions-'));
  const folder = writeScenes(join(scratch, 'scenes'), count);
  const server = await serve();
  const browser = await launchProfile(join(scratch, 'profile'));
  try {
    const page = await browser.newPage();
    page.setDefaultTimeout(3_600_000);
    const training = createTrainingPage(page);
    const adapter = await training.open(server.url);
    await trainOn(training, folder);
    await page.getByTestId('view-map').click();
    const heaps = await heapsOf(page);
    const phases: Phase[] = [];
    const phase = phasesInto(phases, page);
    const state = page.getByTestId('map-state');
    const make = (): Promise<void> => page.getByTestId('make-map').click();
    const opened = (): Promise<void> => state.filter({ hasText: /Laying out/ }).waitFor();
    const before = await heaps.page();
    await phase('pass, opening', () => make().then(opened));
    await phase('layout', () => state.filter({ hasText: /regions of/ }).waitFor());
    const mapped = await heaps.all();
    const framesWhilePanning = await useMap(page, phase);
    const regions = await state.textContent();
    const used = await heaps.all();
    // The file is complete: nothing is left of the pass.
    await phase('opening again', () => make().then(opened));
    const result = {
      adapter: adapter.description,
      date: new Date().toISOString(),
      regions,
      heapBytes: { before: { page: before }, mapped, used },
      storage: await page.evaluate(() => navigator.storage.estimate().then(({ usage }) => usage)),
      phases,
      framesWhilePanning,
    };
    console.log(JSON.stringify(result, undefined, 2));
  } finally {
    await browser.close();
    await server.close();
    rmSync(scratch, { recursive: true, force: true, maxRetries: 5 });
  }
}

function writeScenes(folder: string, count: number): string {
  for (let index = 0; index < count; index++) {
    const album = join(folder, `album-${Math.floor(index / ALBUM)}`);
    mkdirSync(album, { recursive: true });
    const { image } = sampleScene(5, index, SIDE);
    writeFileSync(join(album, `scene-${index}.png`), encode({ ...image, channels: 3 }));
  }
  return folder;
}

async function trainOn(training: TrainingPage, folder: string): Promise<void> {
  await training.set({ ...NETWORK, steps: 4, autosaveEverySteps: 0 });
  await dropPath(training.page, folder);
  await training.until(({ images }) => images.status === 'ready');
  await training.start();
  await training.until(({ status }) => status === 'ended');
}

/** Memory of the page, and of the worker of the map once it has started. */
async function heapsOf(page: Page) {
  const session = await page.context().newCDPSession(page);
  const worker = attachToWorker(
    session,
    page.workers().map((one) => one.url()),
  );
  const ofPage = (): Promise<number> =>
    heapBytesWithBuffers((method) => session.send(method as 'Runtime.getHeapUsage'));
  return {
    page: ofPage,
    all: async () => ({ page: await ofPage(), worker: await heapBytesWithBuffers(await worker) }),
  };
}

function phasesInto(phases: Phase[], page: Page): MeasurePhase {
  return async (name, act) => {
    const recording = await recordTasks(page);
    const began = performance.now();
    await act();
    const seconds = (performance.now() - began) / 1000;
    await untilDrawn(page);
    phases.push({ name, seconds, longestTask: await recording.longest() });
    console.error(JSON.stringify(phases.at(-1)));
  };
}

/** Waits until what came last is drawn, cut-outs too. */
async function untilDrawn(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const until = performance.now() + 300;
    while (performance.now() < until) await new Promise(requestAnimationFrame);
  });
}

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encode } from 'fast-png';
import type { Page } from 'playwright';
import { sampleScene } from '../../data/scenes/samples.ts';
import { defined } from '../../lib/defined.ts';
import { SMALL_NETWORK } from '../../testing/smallNetwork.ts';
import { launchProfile } from '../chromium.ts';
import { dropPath } from '../dropPath.ts';
import { heapBytes } from './heaps.ts';
import { recordTasks } from './mainTasks.ts';
import { serve } from '../../../scripts/site.mjs';
import { createTrainingPage } from '../training/trainingPage.ts';

const SIDE = 48;
const ALBUM = 1000;
/** About ten of them are present in a scene. */
const PROTOTYPES = 32;
const LISTS = ['similar', 'duplicates', 'outliers', 'unusual', 'first', 'all'] as const;
const COLORS = ['folder', 'date', 'prototype'] as const;

/** A part of the measurement. */
interface Phase {
  readonly name: string;
  readonly seconds: number;
  /** CPU time of the main thread's longest task in ms. */
  readonly longestTask: number;
}

/** Measures the map of the regions of `count` scenes: the pass, the layout, moving it, and every list. */
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
    const session = await page.context().newCDPSession(page);
    const heap = (): Promise<number> => heapBytes((method) => session.send(method as 'Runtime.getHeapUsage'));
    await training.set({ ...SMALL_NETWORK, prototypes: PROTOTYPES, steps: 4, autosaveEverySteps: 0 });
    await dropPath(page, folder);
    await training.until(({ images }) => images.status === 'ready');
    await training.start();
    await training.until(({ status }) => status === 'ended');
    await page.getByTestId('view-map').click();
    const heapBefore = await heap();
    const phases: Phase[] = [];
    const phase = async (name: string, act: () => Promise<void>): Promise<void> => {
      const recording = await recordTasks(page);
      const began = performance.now();
      await act();
      const seconds = (performance.now() - began) / 1000;
      phases.push({ name, seconds, longestTask: await recording.longest() });
      console.error(JSON.stringify(phases.at(-1)));
    };
    const state = page.getByTestId('map-state');
    await phase('pass', async () => {
      await page.getByTestId('make-map').click();
      await state
        .filter({ hasText: /regions of/ })
        .or(state.filter({ hasText: /Laying out/ }))
        .waitFor();
    });
    await phase('layout', () => state.filter({ hasText: /regions of/ }).waitFor());
    const frames = await useMap(page, phase);
    const result = {
      adapter: adapter.description,
      date: new Date().toISOString(),
      regions: await state.textContent(),
      heapBytes: { before: heapBefore, after: await heap() },
      storage: await page.evaluate(() => navigator.storage.estimate().then(({ usage }) => usage)),
      phases,
      framesWhilePanning: frames,
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

type MeasurePhase = (name: string, act: () => Promise<void>) => Promise<void>;

/** Does everything that the map offers. Resolves with the times between frames while it is panned. */
async function useMap(page: Page, phase: MeasurePhase): Promise<{ readonly median: number; readonly p95: number }> {
  const { x, y, width, height } = defined((await page.getByTestId('map-stage').boundingBox()) ?? undefined);
  const at = (across: number, down: number): Promise<void> => page.mouse.move(x + across * width, y + down * height);
  await phase('hover', async () => {
    for (let step = 0; step < 40; step++) await at(0.3 + step / 100, 0.5);
  });
  let frames = { median: 0, p95: 0 };
  await phase('pan', async () => {
    await at(0.5, 0.5);
    await page.mouse.down();
    const stamps = recordFrames(page);
    for (let step = 0; step < 200; step++) await at(0.5 + 0.1 * Math.sin(step / 8), 0.5 + 0.1 * Math.cos(step / 8));
    frames = await stamps;
    await page.mouse.up();
  });
  await phase('zoom', async () => {
    for (let step = 0; step < 20; step++) await page.mouse.wheel(0, -150);
    await page.getByRole('button', { name: 'Show all', exact: true }).click();
  });
  await phase('lasso', async () => {
    await page.keyboard.down('Shift');
    await at(0.01, 0.01);
    await page.mouse.down();
    for (const [across, down] of [
      [0.99, 0.01],
      [0.99, 0.99],
      [0.01, 0.99],
    ])
      await at(across, down);
    await page.mouse.up();
    await page.keyboard.up('Shift');
    await page.getByTestId('map-selection').filter({ hasText: 'selected, in' }).waitFor();
  });
  for (const kind of LISTS) {
    await phase(kind, async () => {
      await page.getByTestId('map-list-kind').selectOption(kind);
      await page
        .getByTestId('map-list')
        .and(page.locator(`[data-kind=${kind}]`))
        .waitFor();
    });
    if (kind !== 'outliers') continue;
    await phase('threshold', async () => {
      await page.getByTestId('map-threshold').focus();
      for (const key of ['Home', 'End', 'Home', 'ArrowRight', 'ArrowRight']) await page.keyboard.press(key);
    });
  }
  for (const kind of COLORS) {
    await phase(`color by ${kind}`, async () => {
      await page.getByTestId('map-color').selectOption(kind);
      await page
        .getByTestId('map-legend')
        .and(page.locator(`[data-kind=${kind}]`))
        .waitFor();
    });
  }
  await phase('select all', () => page.getByTestId('map-select-shown').click());
  await phase('clear', () => page.getByTestId('map-clear').click());
  for (const form of ['parquet', 'csv', 'fiftyone', 'cvat']) {
    await phase(`export as ${form}`, async () => {
      await page.getByTestId('map-export-open').click();
      const item = page.getByRole('menu').locator(`[data-format=${form}]`);
      await Promise.all([page.waitForEvent('download'), item.click()]);
    });
  }
  return frames;
}

/** Times between the frames of two seconds in ms. */
function recordFrames(page: Page): Promise<{ readonly median: number; readonly p95: number }> {
  return page.evaluate(async () => {
    const stamps: number[] = [];
    const until = performance.now() + 2000;
    while (performance.now() < until) stamps.push(await new Promise<number>(requestAnimationFrame));
    const gaps = stamps.slice(1).map((stamp, index) => stamp - stamps[index]);
    gaps.sort((a, b) => a - b);
    return { median: gaps[gaps.length >> 1], p95: gaps[Math.floor(0.95 * gaps.length)] };
  });
}

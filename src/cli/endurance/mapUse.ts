import type { Page } from 'playwright';
import { defined } from '../../lib/defined.ts';

/** Measures a part of what is done. */
export type MeasurePhase = (name: string, act: () => Promise<void>) => Promise<void>;

export interface FrameTimes {
  readonly median: number;
  readonly p95: number;
}

const LISTS = ['similar', 'duplicates', 'outliers', 'unusual', 'first', 'all'] as const;
const COLORS = ['folder', 'date', 'prototype'] as const;
const ARROWS = ['ArrowRight', 'ArrowDown', 'ArrowLeft', 'ArrowUp'] as const;

/** Does everything that the map offers. Resolves with the times between frames while it is moved, plain and with all selected. */
export async function useMap(page: Page, phase: MeasurePhase): Promise<readonly FrameTimes[]> {
  const plain = await moveMap(page, phase);
  await drawLasso(page, phase);
  await fillLists(page, phase);
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
  const selected = await pan(page, phase, 'pan, all selected');
  await phase('take names', () => download(page, 'map-take-open', 'names'));
  await phase('clear', () => page.getByTestId('map-clear').click());
  await phase('select a slot', () => page.getByTestId('map-legend').getByRole('button').first().click());
  await phase('name it', async () => {
    await page.getByTestId('map-name').fill('ground');
    await page.keyboard.press('Enter');
    await page.getByTestId('map-legend').filter({ hasText: 'ground' }).waitFor();
  });
  for (const form of ['parquet', 'csv', 'fiftyone', 'cvat']) {
    await phase(`export as ${form}`, () => download(page, 'map-export-open', form));
  }
  return [plain, selected];
}

async function download(page: Page, menu: string, format: string): Promise<void> {
  await page.getByTestId(menu).click();
  const item = page.getByRole('menu').locator(`[data-format=${format}]`).filter({ visible: true });
  await Promise.all([page.waitForEvent('download'), item.click()]);
}

/** Places on the map, as fractions of its sides. */
async function pointer(page: Page): Promise<(across: number, down: number) => Promise<void>> {
  const { x, y, width, height } = defined((await page.getByTestId('map-stage').boundingBox()) ?? undefined);
  return (across, down) => page.mouse.move(x + across * width, y + down * height);
}

async function moveMap(page: Page, phase: MeasurePhase): Promise<FrameTimes> {
  const at = await pointer(page);
  await phase('hover', async () => {
    for (let step = 0; step < 40; step++) await at(0.3 + step / 100, 0.5);
  });
  const frames = await pan(page, phase, 'pan');
  await phase('zoom', async () => {
    for (let step = 0; step < 20; step++) await page.mouse.wheel(0, -150);
    await page.getByRole('button', { name: 'Show all', exact: true }).click();
  });
  await phase('move by keys', async () => {
    await page.getByTestId('map-stage').focus();
    for (const key of ARROWS) for (let times = 0; times < 10; times++) await page.keyboard.press(key);
    for (const key of ['+', '+', '-', '0']) await page.keyboard.press(key);
  });
  return frames;
}

async function pan(page: Page, phase: MeasurePhase, name: string): Promise<FrameTimes> {
  const at = await pointer(page);
  let frames = { median: 0, p95: 0 };
  await phase(name, async () => {
    await at(0.5, 0.5);
    await page.mouse.down();
    const stamps = recordFrames(page);
    for (let step = 0; step < 200; step++) await at(0.5 + 0.1 * Math.sin(step / 8), 0.5 + 0.1 * Math.cos(step / 8));
    frames = await stamps;
    await page.mouse.up();
  });
  return frames;
}

/** Around all regions. */
async function drawLasso(page: Page, phase: MeasurePhase): Promise<void> {
  const at = await pointer(page);
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
}

async function fillLists(page: Page, phase: MeasurePhase): Promise<void> {
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
}

/** Times between the frames of two seconds in ms. */
function recordFrames(page: Page): Promise<FrameTimes> {
  return page.evaluate(async () => {
    const stamps: number[] = [];
    const until = performance.now() + 2000;
    while (performance.now() < until) stamps.push(await new Promise<number>(requestAnimationFrame));
    const gaps = stamps.slice(1).map((stamp, index) => stamp - stamps[index]);
    gaps.sort((a, b) => a - b);
    return { median: gaps[gaps.length >> 1], p95: gaps[Math.floor(0.95 * gaps.length)] };
  });
}

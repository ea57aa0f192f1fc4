import { execFile } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Browser, Page } from 'puppeteer-core';
import { findFirefox } from '../../scripts/machine.mjs';
import { readCheckpoint, type Checkpoint } from '../../src/checkpoint/checkpoint.ts';
import { defined } from '../../src/lib/defined.ts';
import type { StepRecord } from '../../src/signals/metrics.ts';
import { expect, LASTING, SMALL, test } from '../fixtures.ts';
import { folderOfPictures } from '../helpers/files.ts';
import { chooseFolder, launchFirefox, errorsOf, until } from './firefox.ts';

const SETTINGS = { ...SMALL, ...LASTING, seed: 3, watchedImages: 2, autosaveEverySteps: 1 };

/**
 * Largest difference between Firefox and Node, relative to the largest number of a tensor: they add in another order, as
 * Firefox has no subgroups.
 */
const TOLERANCE = 1e-4;
/** Biases in front of a normalization: they have no gradient, and what they and their momentum hold, 1e-11 and 1e-7, is rounding. */
const ROUNDING = /\.mlp\.[03]\.bias$/;
/** What their differences are relative to. */
const GRADIENT_SCALE = 0.1;
const LOSSES = ['loss', 'lossGroup', 'lossSlot'] as const;

// Firefox showed nothing of the folder for two minutes once in many runs, and the cause is not known.
test.describe.configure({ retries: 1 });

test('Firefox trains from a folder, pauses, is reloaded and continues to the checkpoint that Node makes', async ({
  baseURL,
}, testInfo) => {
  const browser = await launched(testInfo.outputPath('downloads'));
  try {
    const page = await browser.newPage();
    const complaints = errorsOf(page);
    await page.goto(defined(baseURL));
    const { adapter } = await until(page, (state) => state.adapter !== undefined);
    expect(adapter).toMatchObject({ backend: 'webgpu', engine: 'compiled' });
    const folder = await folderOfPictures(testInfo.outputPath('pictures'), 8);
    await page.evaluate((settings) => window.slotconTab.set(settings), SETTINGS);
    const { images } = await chooseFolder(page, folder);
    expect(images).toMatchObject({ name: 'pictures', usable: 8, skipped: 0 });

    await page.locator('[data-testid=start]').click();
    await until(page, ({ snapshotSteps }) => snapshotSteps.includes(2));
    await page.locator('button ::-p-text(Pause)').click();
    await until(page, ({ status }) => status === 'paused');
    expect(await drawnOverlays(page)).toEqual([true, true]);
    const firstPart = await page.evaluate(() => window.slotconTab.recordsAfter(0));

    await page.reload();
    const offer = await page
      .locator('section[data-testid=interrupted]')
      .map(({ innerText }) => innerText)
      .wait();
    expect(offer).toMatch(/state after step \d+ is saved/);
    // The worker that was there before may still save a later state than the offer names: the last step or one after it.
    const end = defined(firstPart.at(-1)).step + 3;
    await page.evaluate((step) => window.slotconTab.stopAfter(step), end);
    await page.locator('[data-testid=interrupted] button ::-p-text(Continue)').click();
    await chooseFolder(page, folder);
    const ended = await until(page, ({ status }) => status === 'ended');
    expect(ended).toMatchObject({ endReason: 'stopped', step: end, records: end, notices: [] });
    const secondPart = await page.evaluate(() => window.slotconTab.recordsAfter(0));
    const records = [...firstPart.filter(({ step }) => step < secondPart[0].step), ...secondPart];
    await page.locator('[data-testid=download]').click();
    const checkpoint = await downloaded(testInfo.outputPath('downloads'));
    expect(complaints, 'errors in the console').toEqual([]);

    const node = await trainInNode(folder, end, testInfo.outputPath('node'));
    expectSame({ checkpoint, records }, node);
  } finally {
    await browser.close();
  }
});

/** Launches Firefox. Skips the test where there is none, unless REQUIRE_GPU=1. */
function launched(downloads: string): Promise<Browser> {
  const path = findFirefox();
  const missing = 'no Firefox: install one, or name it in FIREFOX_PATH';
  if (path === undefined && process.env.REQUIRE_GPU === '1') throw new Error(missing);
  if (path === undefined) console.warn(`skipped: ${missing}`);
  test.skip(path === undefined, missing);
  return launchFirefox(defined(path), downloads);
}

/** Returns, for each overlay on the screen, whether something is drawn on it. */
function drawnOverlays(page: Page): Promise<boolean[]> {
  return page.$$eval('canvas[data-testid=overlay-canvas]', (canvases) =>
    canvases.map((canvas) => {
      const { data } = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height) ?? { data: [] };
      return new Set(data).size > 2;
    }),
  );
}

async function downloaded(folder: string): Promise<Checkpoint> {
  // Until it is complete there is an empty file of the name, and a .part beside it.
  const isComplete = (name: string): boolean => !name.endsWith('.part') && statSync(join(folder, name)).size > 0;
  await expect.poll(() => readdirSync(folder).map(isComplete)).toEqual([true]);
  return readCheckpoint(readFileSync(join(folder, readdirSync(folder)[0])));
}

interface Run {
  readonly checkpoint: Checkpoint;
  readonly records: readonly StepRecord[];
}

async function trainInNode(images: string, steps: number, out: string): Promise<Run> {
  const options = Object.entries({ in: 'node', preset: 'tiny', images, steps, out });
  const settings = Object.entries(SETTINGS).flatMap(([name, value]) => ['--set', `${name}=${value}`]);
  const words = [
    'scripts/run.mjs',
    'train',
    ...options.flatMap(([name, value]) => [`--${name}`, String(value)]),
    ...settings,
  ];
  await promisify(execFile)(process.execPath, words);
  const lines = readFileSync(join(out, 'metrics.jsonl'), 'utf8').trim().split('\n');
  return {
    checkpoint: readCheckpoint(readFileSync(join(out, 'checkpoint.safetensors'))),
    records: lines.map((line) => JSON.parse(line) as StepRecord),
  };
}

function expectSame(firefox: Run, node: Run): void {
  // Firefox has no subgroups.
  const { tensors, kernels, ...rest } = firefox.checkpoint;
  const { tensors: expected, kernels: otherKernels, ...expectedRest } = node.checkpoint;
  expect(kernels).toMatch(/^convolution=register/);
  expect(otherKernels).toMatch(/^convolution=/);
  expect(rest).toEqual(expectedRest);
  const shapes = (of: Checkpoint['tensors']) => [...of].map(([name, { dtype, shape }]) => ({ name, dtype, shape }));
  expect(shapes(tensors)).toEqual(shapes(expected));
  expect(firefox.records.map(({ step }) => step)).toEqual(node.records.map(({ step }) => step));
  const differences = [...expected].map(([name, { data }]) =>
    difference(defined(tensors.get(name)).data, data, ROUNDING.test(name) ? GRADIENT_SCALE : undefined),
  );
  for (const name of LOSSES) differences.push(difference(losses(firefox, name), losses(node, name)));
  const largest = Math.max(...differences);
  console.log(`largest difference of Firefox and Node in ${differences.length} tensors and losses: ${largest}`);
  expect(largest).toBeLessThan(TOLERANCE);
}

const losses = ({ records }: Run, name: (typeof LOSSES)[number]) => records.map((record) => record[name]);

type Values = ArrayLike<number | bigint>;

/** Returns the largest difference, relative to the largest expected number unless a scale is given. */
function difference(values: Values, expected: Values, scale?: number): number {
  const numbers = Array.from(expected, Number);
  const differences = numbers.map((number, index) => Math.abs(Number(values[index]) - number));
  const largest = (of: readonly number[]) => of.reduce((max, one) => Math.max(max, Math.abs(one)), 0);
  return largest(differences) / (scale ?? (largest(numbers) || 1));
}

import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import type { Browser, Page } from 'playwright';
import { SAMPLE_SCENES } from '../config/presets.ts';
import { sampleScenes } from '../data/scenes/samples.ts';
import { launchChromium } from './chromium.ts';
import { command, parseOptions } from './command.ts';
import { checkFolder, makeFolder } from './output/outputPath.ts';
import { serve } from '../../scripts/site.mjs';
import { createTrainingPage, type TrainingPage } from './training/trainingPage.ts';

const USAGE = `Usage: npm run shots -- [options]
  --out DIR    where screenshots/*.png go (default docs)
  --steps N    steps of the run that is shown (default 200)`;

const SCHEMES = ['light', 'dark'] as const;
const DESK = { width: 1280, height: 800 };
const LARGE_FILES = 60;
const PHONE = { width: 390, height: 844 };

/** Takes the screenshots of one visit: empty, reading, training, finished and its map, each in both schemes. */
async function takeShots(browser: Browser, url: string, out: string, steps: number): Promise<void> {
  const page = await browser.newPage({ viewport: DESK, reducedMotion: 'reduce' });
  const training = createTrainingPage(page);
  const adapter = await training.open(url);
  console.log(`Adapter: ${adapter.description}`);
  await shoot(page, out, 'empty');

  await training.choosePreset('tiny');
  await training.set({ steps, displayEverySteps: Math.max(1, Math.round(steps / 12)) });
  // A long form would hide the rest of the page.
  for (const group of ['run', 'display']) await page.locator(`details[data-group=${group}] > summary`).click();
  await readLargeFiles(training, () => shoot(page, out, 'reading'));
  await training.readImages(undefined);

  await training.start();
  await training.until(({ step }) => step >= Math.ceil((2 * steps) / 3));
  await shoot(page, out, 'training');
  await page.setViewportSize(PHONE);
  await shoot(page, out, 'phone');
  await page.setViewportSize(DESK);
  await training.until(({ status }) => status === 'ended');
  await page.getByTestId('next-steps').waitFor();
  await shoot(page, out, 'finished');
  await page.getByTestId('view-map').click();
  await page.getByTestId('make-map').click();
  await page
    .getByTestId('map-state')
    .filter({ hasText: /regions of/ })
    .waitFor();
  await page.getByTestId('map-legend').getByRole('button').nth(1).click();
  await page.waitForFunction(() => {
    const shown = [...document.querySelectorAll<HTMLCanvasElement>('[data-testid=cutout] canvas')].slice(0, 15);
    return shown.length === 15 && shown.every(({ width }) => width > 0);
  });
  await shoot(page, out, 'map');
}

/** Reads files of camera size, which take long enough for a screenshot of the reading. */
async function readLargeFiles(training: TrainingPage, whileReading: () => Promise<void>): Promise<void> {
  const folder = join(mkdtempSync(join(tmpdir(), 'slotcon-shots-')), 'holiday');
  mkdirSync(folder);
  const scenes = sampleScenes(LARGE_FILES, SAMPLE_SCENES.seed);
  for (let index = 0; index < LARGE_FILES; index++) {
    const { width, height, data } = await scenes.get(index);
    const photo = sharp(data, { raw: { width, height, channels: 3 } }).resize({ width: 4000 });
    await photo.jpeg({ quality: 80 }).toFile(join(folder, `IMG_${1001 + index}.jpg`));
  }
  const all = training.readImages(folder);
  await training.until(({ images }) => images.status === 'reading' && images.usable >= 15);
  await whileReading();
  await all;
  rmSync(dirname(folder), { recursive: true });
}

async function shoot(page: Page, out: string, name: string): Promise<void> {
  for (const colorScheme of SCHEMES) {
    await page.emulateMedia({ colorScheme });
    const path = join(out, `${name}-${colorScheme}.png`);
    const taken = await page.screenshot({ animations: 'disabled' });
    writeFileSync(path, await sharp(taken).png({ compressionLevel: 9, effort: 10, palette: true }).toBuffer());
    console.log(`${path} (${Math.round(statSync(path).size / 1024)} KiB)`);
  }
}

await command(USAGE, async () => {
  const { values } = parseOptions({
    out: { type: 'string', default: 'docs' },
    steps: { type: 'string', default: '200' },
  });
  const out = join(values.out, 'screenshots');
  checkFolder(out);
  makeFolder(out);
  const server = await serve();
  const browser = await launchChromium();
  try {
    await takeShots(browser, server.url, out, Number(values.steps));
  } finally {
    await browser.close();
    await server.close();
  }
});

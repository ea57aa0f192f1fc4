import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator } from '@playwright/test';
import sharp from 'sharp';
import { DISPLAY_BYTES } from '../src/state/display/displayCopies.ts';
import { writeCopies } from '../src/cli/endurance/copies.ts';
import { photograph } from '../src/cli/endurance/photograph.ts';
import { sampleScene } from '../src/data/scenes/samples.ts';
import { recordTasks } from '../src/cli/endurance/mainTasks.ts';
import { expect, ON_CPU, SMALL, test } from './fixtures.ts';

test.use({ deviceScaleFactor: 2 });

/** Values on both sides of the printed edge. */
const [DARK, LIGHT] = [20, 235];

/** Photographs of 1600 × 1200 pixels with a printed edge down the middle, sharp to the pixel and a little slanted. */
async function edgeFolder(folder: string, count: number): Promise<string> {
  mkdirSync(folder, { recursive: true });
  const [width, height] = [1600, 1200];
  for (let index = 0; index < count; index++) {
    const { image } = sampleScene(1, index, 400);
    const scene = sharp(image.data, { raw: { width: 400, height: 400, channels: 3 } }).resize(width, height, {
      fit: 'fill',
    });
    const data = await scene.removeAlpha().raw().toBuffer();
    for (let y = height / 3; y < (2 * height) / 3; y++) {
      for (let x = 0; x < width; x++)
        data.fill(x < width / 2 + y / 20 ? DARK : LIGHT, (y * width + x) * 3, (y * width + x) * 3 + 3);
    }
    const jpeg = sharp(data, { raw: { width, height, channels: 3 } }).jpeg({ quality: 95, chromaSubsampling: '4:4:4' });
    writeFileSync(join(folder, `edge-${index}.jpg`), await jpeg.toBuffer());
  }
  return folder;
}

/** Steepest step between neighboring pixels of the screen across the edge, as a fraction of the file's: median over rows. */
async function sharpness(element: Locator): Promise<number> {
  const { data, info } = await sharp(await element.screenshot())
    .greyscale()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const steepest: number[] = [];
  for (let y = Math.ceil(0.4 * info.height); y < 0.6 * info.height; y++) {
    let max = 0;
    for (let x = Math.ceil(0.3 * info.width); x < 0.7 * info.width; x++) {
      max = Math.max(max, Math.abs(data[y * info.width + x] - data[y * info.width + x - 1]));
    }
    steepest.push(max);
  }
  return steepest.sort((one, other) => one - other)[Math.floor(steepest.length / 2)] / (LIGHT - DARK);
}

test('photographs are as sharp as the screen, in the training view, the zoom and the gallery', async ({
  page,
  training,
}, testInfo) => {
  await training.open(ON_CPU);
  await training.set({ ...SMALL, steps: 2, displayEverySteps: 1, watchedImages: 4 });
  await training.readImages(await edgeFolder(testInfo.outputPath('photographs'), 8));
  await training.start();
  await training.until(({ status }) => status === 'ended');
  await page.keyboard.press('o');
  const tile = page.getByTestId('overlay-tile').first();
  await expect(tile.getByTestId('photograph')).toHaveAttribute('data-side', /[3-9]\d\d/);
  await page.screenshot({ path: testInfo.outputPath('training.png') });
  const inTile = await sharpness(tile.getByRole('img'));
  await tile.getByTestId('zoom').click();
  await expect(page.getByTestId('zoom-picture')).toHaveAttribute('data-side', '1600');
  await page.screenshot({ path: testInfo.outputPath('zoom.png') });
  const inZoom = await sharpness(page.getByTestId('zoom-picture'));
  await page.keyboard.press('Escape');

  await page.getByTestId('view-prototypes').click();
  await page.getByTestId('make-gallery').click();
  const segment = page.getByTestId('gallery-row').first().getByTestId('segment-image').first();
  await expect(segment.getByTestId('photograph')).toHaveAttribute('data-side', /[12]\d\d/);
  await page.screenshot({ path: testInfo.outputPath('gallery.png') });
  // Without the veil over what is not of the segment.
  await segment
    .locator('canvas')
    .last()
    .evaluate((canvas) => canvas.remove());
  const inGallery = await sharpness(segment);
  console.log(`sharpness: ${[inTile, inZoom, inGallery].map((value) => value.toFixed(2)).join(', ')}`);
  expect(inTile).toBeGreaterThan(0.5);
  expect(inZoom).toBeGreaterThan(0.5);
  expect(inGallery).toBeGreaterThan(0.5);
  expect(await page.evaluate(() => window.slotconTab.displayBytes())).toBeLessThan(DISPLAY_BYTES);
});

test(
  'the main thread stays free while photographs of 12 megapixels are read and shown',
  { tag: '@alone' },
  async ({ page, training }, testInfo) => {
    const folder = testInfo.outputPath('large');
    writeCopies(folder, 12, 1, await photograph(), 'jpg');
    await training.open(ON_CPU);
    await training.set({ ...SMALL, steps: 1, watchedImages: 12 });
    const recording = await recordTasks(page);
    await training.readImages(folder);
    // By a key: a click's task holds the checks of its target, too, which are not the page's.
    await page.getByTestId('start').press('Enter');
    await training.until(({ status }) => status === 'ended');
    // Those on the screen; the others when they are scrolled to.
    const shown = page.getByTestId('overlay-tile').locator('[data-testid=photograph][data-side]');
    await expect.poll(() => shown.count()).toBeGreaterThanOrEqual(4);
    await page.getByTestId('overlay-tile').last().scrollIntoViewIfNeeded();
    await expect(shown).toHaveCount(12);
    expect(await recording.longest()).toBeLessThan(50);
    const bytes = await page.evaluate(() => window.slotconTab.displayBytes());
    expect(bytes).toBeGreaterThan(0);
    expect(bytes).toBeLessThanOrEqual(DISPLAY_BYTES);
  },
);

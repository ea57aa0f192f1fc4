import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import sharp from 'sharp';
import type { PrototypeClasses } from '../src/domain/classes.ts';
import { SMALL_NETWORK } from '../src/testing/smallNetwork.ts';
import { expectMasksAsOverlays } from './helpers/exportedMasks.ts';
import { drawImage } from './helpers/files.ts';
import { expect, ON_CPU, pixels, SMALL, test } from './fixtures.ts';

/** Overlays are as large as the working copies of the sample scenes, so that masks are comparable pixel by pixel. */
const SETTINGS = { ...SMALL, workingSize: 96, overlaySize: 96, steps: 6, displayEverySteps: 3 };

test('slots are named and merged, undone and redone, and exported as masks, after a canceled try, and with the checkpoint', async ({
  training,
  page,
}, testInfo) => {
  await training.open(ON_CPU);
  await training.set(SETTINGS);
  await training.readImages(undefined);
  await training.stopAfter(3);
  await training.start();
  const { step } = await training.until(({ status }) => status === 'ended');
  const classes = (): Promise<PrototypeClasses> => training.state().then((now) => now.classes);

  const row = (prototype: number) => page.locator(`[data-testid=legend-row][data-prototype="${prototype}"]`);
  const rows = await page
    .getByTestId('legend-row')
    .evaluateAll((all) => all.slice(0, 2).map((one) => Number((one as HTMLElement).dataset['prototype'])));
  const [first = 0, second = 0] = rows.toSorted((a, b) => a - b);

  // By keyboard and by pointer; names are text.
  await row(first).focus();
  await page.keyboard.press('F2');
  await page.keyboard.insertText('  <b>sky</b> ');
  await page.keyboard.press('Enter');
  await expect(row(first)).toBeFocused();
  await expect(row(first)).toContainText('<b>sky</b>');
  await row(second).dblclick();
  await page.getByTestId('legend-input').fill('cloud');
  await page.getByTestId('legend-input').press('Escape');
  await expect(row(second)).toContainText(`Slot ${second + 1}`);
  await row(second).hover();
  await page.getByRole('button', { name: `Rename Slot ${second + 1}` }).click();
  await page.getByTestId('legend-input').fill('cloud');
  await page.getByTestId('legend').click({ position: { x: 1, y: 1 } });
  await expect(row(second)).toContainText('cloud');

  // Merging paints both in one color and isolates them together.
  const canvas = page.getByTestId('overlay-canvas').first();
  await page.mouse.move(0, 0);
  const apart = await pixels(canvas);
  await row(first).click({ modifiers: ['ControlOrMeta'] });
  await row(second).click({ modifiers: ['ControlOrMeta'] });
  await expect(page.getByRole('status').filter({ hasText: '2 ticked' })).toBeVisible();
  await page.getByTestId('classes-merge').click();
  const merged = [{ name: '<b>sky</b>', prototypes: [first, second] }];
  expect(await classes()).toEqual(merged);
  await expect(page.getByTestId('legend-row')).toHaveCount(7);
  await expect.poll(() => pixels(canvas)).not.toBe(apart);
  await page.keyboard.press('Control+z');
  expect(await classes()).toEqual([
    { name: '<b>sky</b>', prototypes: [first] },
    { name: 'cloud', prototypes: [second] },
  ]);
  await expect.poll(() => pixels(canvas)).toBe(apart);
  await page.keyboard.press('Control+Shift+z');
  await expect(page.getByTestId('legend-row')).toHaveCount(7);
  await row(first).click();
  await expect(page.getByTestId('overlay-tile').first().locator('figcaption')).toContainText('<b>sky</b> ·');
  await page.keyboard.press('Escape');

  // A canceled export leaves nothing behind.
  let downloads = 0;
  page.on('download', () => downloads++);
  await page.getByTestId('masks-open').click();
  await page.getByTestId('masks-export').click();
  await expect(page.getByTestId('masks-doing')).toContainText(/Segmenting: \d+ of 200/);
  await page.getByTestId('masks-cancel').click();
  await expect(page.getByTestId('masks')).toContainText('Canceled');
  await expect(page.getByTestId('masks-export')).toBeEnabled();
  await page.getByTestId('masks').getByRole('button', { name: 'Close' }).click();

  // The export equals the overlays.
  await page.getByTestId('download-as').click();
  await page.getByTestId('export-masks').click();
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByTestId('masks-export').click()]);
  await expect(page.getByTestId('masks-done')).toContainText('200 masks');
  expect(downloads).toBe(1);
  await page.getByTestId('masks').getByRole('button', { name: 'Close' }).click();
  expect(download.suggestedFilename()).toBe(`slotcon-step${step}-masks.zip`);
  const zip = await download.path();
  expect(Object.keys(unzipSync(new Uint8Array(readFileSync(zip))))).toHaveLength(202);
  const seen = await expectMasksAsOverlays(page, zip, step, merged, SMALL_NETWORK.prototypes);
  expect(seen.size, 'a mask of one class would prove little').toBeGreaterThan(1);
  expect(seen).toContain(first);

  // The names come back with the file, to a new page, and with the run that continues from it.
  const saved = testInfo.outputPath('named.safetensors');
  await (await training.downloadCheckpoint()).saveAs(saved);
  await training.open(ON_CPU);
  expect(await classes()).toEqual([]);
  await training.readImages(undefined);
  await training.loadCheckpoint(saved);
  expect(await classes()).toEqual(merged);
  await expect(row(first)).toContainText('<b>sky</b>');
  await training.stopAfter(4);
  await training.start();
  await training.until(({ status }) => status === 'ended');
  expect(await classes()).toEqual(merged);
  await expect(row(first)).toContainText('<b>sky</b>');
});

test('masks of photographs have the size of their files, in the forms that are chosen', async ({
  training,
  page,
}, testInfo) => {
  const folder = testInfo.outputPath('photographs');
  mkdirSync(folder);
  const photograph = await drawImage(1, 640, 480);
  for (let index = 0; index < 8; index++) {
    const orientation = index === 0 ? 6 : 1;
    writeFileSync(join(folder, `${index}.jpg`), await sharp(photograph).withMetadata({ orientation }).toBuffer());
  }
  await training.open(ON_CPU);
  await training.set(SETTINGS);
  await training.readImages(folder);
  await training.stopAfter(1);
  await training.start();
  await training.until(({ status }) => status === 'ended');
  await page.getByTestId('masks-open').click();
  await page.getByTestId('masks-as-coco-rle').uncheck();
  await page.getByTestId('masks-as-yolo').check();
  await page.getByTestId('masks-as-overlay').check();
  await page.getByTestId('masks-per-region').check();
  await page.getByTestId('masks-min-region').fill('0,5');
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByTestId('masks-export').click()]);
  const files = unzipSync(new Uint8Array(readFileSync(await download.path())));
  expect(Object.keys(files).filter((name) => name.includes('7'))).toEqual(['masks/7.jpg.png', 'labels/7.txt', 'overlays/7.jpg.jpg']); // oxfmt-ignore
  for (const [name, size] of [
    ['0', [480, 640]],
    ['7', [640, 480]],
  ] as const) {
    for (const file of [`masks/${name}.jpg.png`, `overlays/${name}.jpg.jpg`]) {
      const { width, height } = await sharp(files[file]).metadata();
      expect([width, height], file).toEqual(size);
    }
  }
  // From the file: its working copy is a blur.
  const sharpness = async (file: Uint8Array) => (await sharp(file).autoOrient().greyscale().stats()).sharpness;
  expect(await sharpness(files['overlays/7.jpg.jpg'])).toBeGreaterThan(0.3 * (await sharpness(photograph)));
});

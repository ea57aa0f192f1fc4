import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { encode } from 'fast-png';
import { sampleScene } from '../src/data/scenes/samples.ts';
import { dropPath } from '../src/cli/dropPath.ts';
import { expect, ON_CPU, SMALL, test } from './fixtures.ts';

/** Scenes and their masks, void where the ground is, as a labeled data set has them. */
function labeledFolders(folder: string, count: number): { images: string; masks: string } {
  const [images, masks] = [join(folder, 'images'), join(folder, 'labels')];
  for (const one of [images, masks]) mkdirSync(one, { recursive: true });
  for (let index = 0; index < count; index++) {
    const { image, mask } = sampleScene(7, index);
    const { width, height, data } = image;
    writeFileSync(join(images, `${index}.png`), encode({ width, height, data, channels: 3, depth: 8 }));
    if (index === 0) continue;
    const values = mask.map((value) => (value === 0 ? 255 : value));
    writeFileSync(join(masks, `${index}_mask.png`), encode({ width, height, data: values, channels: 1, depth: 8 }));
  }
  return { images, masks };
}

/** The left half of each image. */
function annotationsOf(count: number): object {
  const ids = [...Array(count).keys()];
  return {
    images: ids.map((id) => ({ id, file_name: `C:\\photos\\${id}.png`, width: 96, height: 96 })),
    annotations: ids.map((id) => ({ image_id: id, category_id: 5, segmentation: [[0, 0, 48, 0, 48, 96, 0, 96]] })),
    categories: [{ id: 5, name: 'left half' }],
  };
}

async function colorMap(page: Page): Promise<void> {
  await page.getByTestId('view-map').click();
  await page.getByTestId('make-map').click();
  await expect(page.getByTestId('map-state')).toContainText('of 5 images at step 1');
  await page.getByTestId('map-color').selectOption('class');
  const groups = page.getByTestId('map-legend').getByRole('listitem');
  await expect(groups.filter({ hasText: /^ ?(left half|background) \d/ }).first()).toBeVisible();
  await groups.filter({ hasText: 'no mask' }).getByRole('button').click();
  await expect(page.getByTestId('map-selection')).toContainText('in 2 images');
  await page.getByTestId('map-clear').click();
}

async function copyFirst(page: Page): Promise<void> {
  // A folder of the browser's own storage, in place of one that is chosen.
  await page.evaluate(() => {
    const choose = () => navigator.storage.getDirectory().then((root) => root.getDirectoryHandle('copies', CREATE));
    const CREATE = { create: true };
    Object.assign(window, { showDirectoryPicker: choose });
  });
  await page.getByTestId('map-list-kind').selectOption('first');
  await page.getByTestId('map-first-count').fill('2');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('map-take-open')).toHaveText('Take 2 images');
  const chosen = await page.getByTestId('map-line').evaluateAll((lines) => lines.map((line) => line.ariaLabel ?? ''));
  await page.getByTestId('map-take-open').click();
  await page.getByRole('menuitem', { name: /^Folder/ }).click();
  const paths = chosen.map((label) => label.split(',')[0]);
  // The name that a file is written under is gone where it ends while it is looked at.
  await expect(async () => expect(await page.evaluate(copiesIn, 'copies')).toEqual(paths.toSorted())).toPass();
}

/** Runs in the page: paths of the files in a folder of the storage that aren't empty, sorted. */
async function copiesIn(name: string): Promise<readonly string[]> {
  const found: string[] = [];
  const walk = async (folder: FileSystemDirectoryHandle, at: string): Promise<void> => {
    for await (const one of folder.values()) {
      const path = `${at}${one.name}`;
      if (one.kind === 'directory') await walk(one, `${path}/`);
      else if ((await one.getFile()).size > 0) found.push(path);
    }
  };
  // The page may not have made it yet.
  await walk(await (await navigator.storage.getDirectory()).getDirectoryHandle(name, { create: true }), '');
  return found.sort();
}

test('sample scenes are scored while a run trains, then on all scenes, beside the baselines', async ({
  page,
  training,
}) => {
  await training.open(ON_CPU);
  await training.set({ ...SMALL, steps: 4 });
  await training.readImages(undefined);
  await page.getByTestId('view-scores').click();
  await expect(page.getByTestId('masks-line')).toContainText('100 sample scenes that training never uses');
  await expect(page.getByTestId('score')).toBeDisabled();
  await page.getByTestId('score-every').fill('2');
  await training.start();
  await training.until(({ status }) => status === 'ended');
  const heading = page.getByTestId('scores').getByRole('heading', { name: /^At step/ });
  await expect(heading).toHaveText('At step 4, by 64 images of 100');

  await page.getByTestId('score').click();
  const table = page.getByTestId('score-table');
  await expect(heading).toHaveText('At step 4, by 100 images');
  await expect(table.locator('tbody tr').nth(3).locator('td').first()).toHaveText(/^\d+\.\d$/, { timeout: 120_000 });
  await expect(page.getByTestId('class-table')).toContainText('sky');
  const percentages = await page
    .getByTestId('confusion')
    .getByTestId('confusion-fraction')
    .evaluateAll((cells) => cells.map((cell) => Number(cell.textContent.replace(/^<1%$|%$/, ''))));
  expect(Math.abs(percentages.reduce((sum, percentage) => sum + percentage, 0) - 100)).toBeLessThanOrEqual(
    percentages.length,
  );

  const [download] = await Promise.all([page.waitForEvent('download'), page.getByTestId('save-scores').click()]);
  expect(download.suggestedFilename()).toBe('slotcon-step4-scores.json');
  const saved = JSON.parse(readFileSync(await download.path(), 'utf8')) as {
    miou: number;
    edges: { miou: number };
    confusion: { pixels: number[][] };
    baselines: { untrained: { miou: number }; kMeansColor: { miou: number } };
  };
  const shown = await table.locator('tbody tr td:nth-child(2)').allTextContents();
  const { edges, baselines } = saved;
  const expected = [saved, edges, baselines.untrained, baselines.kMeansColor];
  expect(shown).toEqual(expected.map(({ miou }) => (100 * miou).toFixed(1)));
  expect(saved.confusion.pixels.flat().reduce((sum, count) => sum + count, 0)).toBe(100 * 96 * 96);

  // The curve as numbers; how often to score is remembered.
  await page.getByTestId('table-toggle').click();
  const steps = page.getByRole('region', { name: 'Scores over the steps' }).locator('tbody th');
  await expect(steps).toHaveText(['4', '2']);
  await training.open(ON_CPU);
  await page.getByTestId('view-scores').click();
  await expect(page.getByTestId('score-every')).toHaveValue('2');
});

test('masks, through the input and dropped: matched by a suffix, without void pixels; a COCO file; colors of the map', async ({
  page,
  training,
}, testInfo) => {
  const { images, masks } = labeledFolders(testInfo.outputPath(), 5);
  await training.open(ON_CPU);
  await training.set({ ...SMALL, steps: 1 });
  await training.readImages(images);
  await training.start();
  await training.until(({ status }) => status === 'ended');
  await page.getByTestId('view-scores').click();
  await expect(page.getByTestId('scores')).toContainText('Choose masks first.');
  await page.getByTestId('masks-input').setInputFiles(masks);
  const line = page.getByTestId('masks-line');
  await expect(line).toContainText('Masks from “labels”: for 4 of 5 images; 4 masks matched by the suffix _mask.');
  await page.getByTestId('score').click();
  await expect(page.getByTestId('class-table').getByRole('rowheader', { name: '255' })).toBeVisible();
  await page.getByTestId('score-void').fill('255');
  await expect(page.getByTestId('score-table')).toHaveCount(0);
  await expect(page.getByTestId('score')).toHaveText('Score');
  await page.getByTestId('score').click();
  await expect(page.getByTestId('class-table').locator('tbody tr').first()).toBeVisible();
  await expect(page.getByTestId('class-table').getByRole('rowheader', { name: '255' })).toHaveCount(0);

  await page.getByRole('button', { name: 'Remove' }).click();
  await expect(page.getByTestId('score')).toBeDisabled();
  await dropPath(page, masks, () => expect(page.getByText('Drop a folder of masks or a COCO file')).toBeVisible());
  await expect(line).toContainText('for 4 of 5 images');
  // A COCO file in place of a folder, dropped by itself.
  const annotations = join(testInfo.outputPath(), 'instances.json');
  writeFileSync(annotations, JSON.stringify(annotationsOf(3)));
  await dropPath(page, annotations, () => expect(page.getByText('Drop a folder of masks')).toBeVisible());
  await expect(line).toContainText('for 3 of 5 images; annotations for 3 images matched by name');
  await page.getByTestId('score').click();
  for (const name of ['background', 'left half'])
    await expect(page.getByTestId('class-table').getByRole('rowheader', { name })).toBeVisible();
  await test.step('the map by mask class', () => colorMap(page));
  await test.step('what to label first, copied into a folder', () => copyFirst(page));
  await page.getByTestId('view-scores').click();
  // The images themselves have the right names, but are not masks.
  await page.getByTestId('masks-input').setInputFiles(images);
  await expect(line).toContainText('for 5 of 5 images');
  await page.getByTestId('score').click();
  await expect(page.getByRole('alert').filter({ hasText: "5 of 5 masks can't be used" })).toBeVisible();
});

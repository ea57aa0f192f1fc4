import { mkdirSync } from 'node:fs';
import type { SkippedFile } from '../src/domain/images.ts';
import { dropPath } from '../src/cli/dropPath.ts';
import { expect, ON_CPU, SMALL, test } from './fixtures.ts';
import { folderOfPictures, oddFolder } from './helpers/files.ts';

const reasons = (skipped: readonly SkippedFile[]): Record<string, string> =>
  Object.fromEntries(skipped.map(({ path, reason }) => [path, reason]));

test('a folder through the input: images are read, other files are listed with their reasons', async ({
  training,
  page,
}, testInfo) => {
  const folder = testInfo.outputPath('odd');
  const { usable, skipped } = await oddFolder(folder);
  await training.open(ON_CPU);
  const { images } = await training.readImages(folder);
  expect(images).toMatchObject({ name: 'odd', usable });
  expect(reasons(await training.skippedFiles())).toEqual(skipped);
  await expect(page.getByTestId('image-count')).toHaveText(`${usable} images`);
  await page.getByTestId('skipped').locator('summary').click();
  const huge = page.getByTestId('skipped-file').filter({ hasText: 'huge.png' });
  await expect(huge).toContainText('Too large');
  await expect(huge).toContainText(/20,?000/);
  await expect(page.getByTestId('skipped-file').filter({ hasText: 'cut.jpg' })).toContainText('Cut short');
  await expect(page.getByTestId('skipped-file').filter({ hasText: 'text.jpg' })).toContainText('Not an image');

  // Skipped files don't prevent a run.
  await training.set({ ...SMALL, steps: 1 });
  await training.start();
  expect(await training.until(({ status }) => status === 'ended')).toMatchObject({ endReason: 'finished', step: 1 });
});

test('a dropped folder is read the same way', async ({ training, page }, testInfo) => {
  const folder = testInfo.outputPath('odd');
  const { usable, skipped } = await oddFolder(folder);
  await training.open(ON_CPU);
  await dropPath(page, folder, async () =>
    expect(page.getByText('Drop images, a checkpoint or an encoder')).toBeVisible(),
  );
  const { images } = await training.until((state) => state.images.status === 'ready');
  expect(images).toMatchObject({ name: 'odd', usable });
  expect(reasons(await training.skippedFiles())).toEqual(skipped);
});

test('an empty folder, and one with 3 images for a batch of 8, are reported with the numbers', async ({
  training,
  page,
}, testInfo) => {
  const empty = testInfo.outputPath('empty');
  mkdirSync(empty);
  await training.open(ON_CPU);
  await dropPath(page, empty);
  await training.until(({ notices }) => notices.length === 1);
  await expect(page.getByTestId('notice')).toContainText('"empty" holds no images');
  await expect(page.getByTestId('start')).toBeDisabled();

  const { images } = await training.readImages(await folderOfPictures(testInfo.outputPath('three'), 3));
  const notes = ['Only 3 images: slots need variety', 'All 3 images are under 64 pixels on a side'];
  expect(images.notes.map(({ level }) => level)).toEqual(['warning', 'warning']);
  await expect(page.getByTestId('image-notes').getByRole('listitem')).toContainText(notes);
  await expect(page.getByTestId('start')).toBeDisabled();
  await expect(page.getByTestId('start-why')).toContainText('3 usable images, one batch needs 8');
  await training.set({ batchSize: 3 });
  await expect(page.getByTestId('start')).toBeEnabled();
});

test('a folder that can’t be read is reported and leaves the images unchanged', async ({
  training,
  page,
}, testInfo) => {
  // A picker whose folder can't be listed, as if unplugged or forbidden.
  await page.addInitScript(() => {
    const fail = () => Promise.reject(new DOMException('The folder is gone.', 'NotFoundError'));
    const values = () => ({ [Symbol.asyncIterator]: () => ({ next: fail }) });
    const handle = { kind: 'directory', name: 'stick', values };
    Object.assign(window, { showDirectoryPicker: () => Promise.resolve(handle) });
  });
  await training.open(ON_CPU);
  await training.readImages(await folderOfPictures(testInfo.outputPath('three'), 3));
  await page.getByRole('button', { name: 'Choose folder' }).first().click();
  const { images } = await training.until(({ notices }) => notices.length === 1);
  expect(images).toMatchObject({ name: 'three', status: 'ready', usable: 3 });
  await expect(page.getByTestId('notice')).toContainText('"stick" can\'t be read (The folder is gone.)');
});

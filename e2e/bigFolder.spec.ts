import { rmSync } from 'node:fs';
import { encode } from 'fast-png';
import { writeCopies } from '../src/cli/endurance/copies.ts';
import { dropPath } from '../src/cli/dropPath.ts';
import { heapBytes } from '../src/cli/endurance/heaps.ts';
import { sampleScene } from '../src/data/scenes/samples.ts';
import { expect, ON_CPU, SMALL, test } from './fixtures.ts';

const FILES = 100_000;

test('a folder of 100,000 files is read while it is still being listed, and takes little more memory than its paths', async ({
  page,
  training,
}, testInfo) => {
  const folder = testInfo.outputPath('many');
  const png = encode({ ...sampleScene(0, 0, 16).image, channels: 3 });
  const pathBytes = writeCopies(folder, FILES, 100, png, 'png');
  await training.open(ON_CPU);
  await training.set({ ...SMALL, steps: 1 });
  const session = await page.context().newCDPSession(page);
  const heap = (): Promise<number> => heapBytes((method) => session.send(method as 'Runtime.getHeapUsage'));
  const before = await heap();
  await dropPath(page, folder);
  const { images: first } = await training.until(({ images }) => images.usable > 0);
  expect(first.isListing, 'the first image comes before the last path').toBe(true);
  await expect(page.getByTestId('thumbnails').getByRole('listitem').first()).toBeVisible();
  const { images: listed } = await training.until(({ images }) => !images.isListing);
  expect(listed.found).toBe(FILES);
  expect(((await heap()) - before - pathBytes) / FILES).toBeLessThan(100);

  // Canceling the reading leaves the images read so far.
  await page.getByRole('button', { name: 'Cancel' }).click();
  const { images } = await training.until(({ images: { status } }) => status === 'ready');
  expect(images.usable).toBeGreaterThan(first.usable);
  expect(images.usable).toBeLessThan(FILES);
  await training.start();
  const { step } = await training.until(({ status }) => status === 'ended');
  expect(step).toBe(1);
  rmSync(folder, { recursive: true });
});

import { coarseLabels } from '../src/domain/slotGrid.ts';
import { defined } from '../src/lib/defined.ts';
import { recordTasks } from '../src/cli/endurance/mainTasks.ts';
import { expect, pixels, SMALL, test } from './fixtures.ts';

test('sample scenes: train, pause, continue, download, load, continue', async ({ training, page }, testInfo) => {
  const adapter = await training.open('/');
  expect(adapter.backend).toBe('webgpu');
  await expect(page.getByTestId('adapter-chip')).toContainText(adapter.description);
  // Long enough to end only when stopped.
  await training.set({ ...SMALL, steps: 100_000 });
  await training.readImages(undefined);
  await training.start();

  // The curve moves…
  await training.until(({ step }) => step >= 1);
  const curve = page.getByTestId('chart-losses').locator('canvas').first();
  const firstCurve = await pixels(curve);
  await training.until(({ step }) => step >= 3);
  await expect.poll(() => pixels(curve)).not.toBe(firstCurve);
  await expect(page.getByTestId('loss')).not.toHaveText('–');

  // …and so do the segmentations, in the data and on the screen.
  const tiles = page.getByTestId('overlay-canvas');
  await expect(tiles).toHaveCount(4);
  const { snapshotSteps } = await training.until((state) => state.snapshotSteps.length >= 3);
  const [before, after] = [await training.overlaysAt(0), await training.overlaysAt(defined(snapshotSteps.at(-1)))];
  expect(after.map(({ grid }) => [...coarseLabels(grid)])).not.toEqual(
    before.map(({ grid }) => [...coarseLabels(grid)]),
  );
  const latest = await pixels(tiles.first());
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('ArrowLeft');
  await expect.poll(() => pixels(tiles.first())).not.toBe(latest);

  // Space pauses: no further step until it is pressed again.
  await page.keyboard.press('Space');
  const paused = await training.until(({ status }) => status === 'paused');
  await expect(page.getByRole('button', { name: 'Continue' })).toBeVisible();
  await page.keyboard.press('Space');
  await training.until(({ status, step }) => status === 'training' && step > paused.step);

  // D downloads, even while training.
  const [download] = await Promise.all([page.waitForEvent('download'), page.keyboard.press('d')]);
  const saved = /^slotcon-step(\d+)\.safetensors$/.exec(download.suggestedFilename());
  expect(saved).not.toBeNull();
  const savedStep = Number(defined(saved)[1]);
  expect(savedStep).toBeGreaterThanOrEqual(paused.step);
  await page.getByRole('button', { name: 'Stop' }).click();
  const stopped = await training.until(({ status }) => status === 'ended');
  expect(stopped.endReason).toBe('stopped');

  await training.loadCheckpoint(await moved(download, testInfo.outputPath('checkpoint.safetensors')));
  await expect(page.getByTestId('start')).toContainText(`step ${savedStep}`);
  const end = savedStep + 5;
  await training.stopAfter(end);
  expect((await training.start()).config).toMatchObject(SMALL);
  const last = await training.until(({ status }) => status === 'ended');
  expect(last).toMatchObject({ endReason: 'stopped', step: end, totalSteps: 100_000, notices: [] });
  expect((await training.recordsAfter(0)).map(({ step }) => step)).toEqual(range(savedStep + 1, end));
});

test(
  '5 steps, a checkpoint and 5 more are 10 steps bit for bit; the page stays responsive',
  { tag: '@alone' },
  async ({ training, page }, testInfo) => {
    await training.open('/');
    await training.set({ ...SMALL, steps: 10, displayEverySteps: 5, watchedImages: 2 });
    await training.readImages(undefined);
    await training.start();
    const recording = await recordTasks(page);
    const tasksBefore = (await training.longTasks()).length;
    await training.until(({ status }) => status === 'ended');
    const busy = await recording.longest();
    const tasks = (await training.longTasks()).slice(tasksBefore);
    const seen = `${tasks.length} of more than 50 ms by the clock, at most ${Math.max(0, ...tasks)} ms`;
    console.log(`tasks of the page's main thread while it trained: ${seen}, at most ${busy} ms of work`);
    expect(busy).toBeGreaterThan(0);
    expect(busy).toBeLessThanOrEqual(100);

    const straight = await training.recordsAfter(0);
    expect(straight).toHaveLength(10);

    await training.stopAfter(5);
    await training.start();
    const half = await training.until(({ status }) => status === 'ended');
    expect(half).toMatchObject({ endReason: 'stopped', step: 5 });
    const firstHalf = await training.recordsAfter(0);
    const path = await moved(await training.downloadCheckpoint(), testInfo.outputPath('half.safetensors'));

    // A new worker, as in another visit.
    await page.reload();
    await training.open('/');
    await training.loadCheckpoint(path);
    await training.readImages(undefined);
    await training.start();
    await training.until(({ status }) => status === 'ended');
    expect([...firstHalf, ...(await training.recordsAfter(5))]).toEqual(straight);
  },
);

async function moved(download: { saveAs(path: string): Promise<void> }, path: string): Promise<string> {
  await download.saveAs(path);
  return path;
}

function range(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}

import { readFileSync } from 'node:fs';
import type { Page, TestInfo } from '@playwright/test';
import { decode } from 'fast-png';
import sharp from 'sharp';
import { defined } from '../src/lib/defined.ts';
import { REPLAY_SIDE } from '../src/replay/messages.ts';
import { expect, ON_CPU, pixels, SMALL, test } from './fixtures.ts';

test('a finished run: its history, its images, large and small, and exports', async ({ page, training }, testInfo) => {
  await training.open(ON_CPU);
  await training.set({ ...SMALL, steps: 6, displayEverySteps: 2, watchedImages: 3 });
  await training.readImages(undefined);
  await training.start();
  const { snapshotSteps } = await training.until(({ status }) => status === 'ended');
  expect(snapshotSteps).toEqual([0, 2, 4, 6]);
  await expect(page.getByTestId('overlay-canvas')).toHaveCount(3);
  await page.getByRole('heading', { name: 'Curves' }).click();

  await test.step('the history: back to the start, step by step, from a chart, played; its health goes with it', () =>
    lookBack(page));
  await test.step('an image large: opened and left by the keyboard, enlarged, moved, isolated, beside the original', () =>
    lookAtOne(page));
  await test.step('the history as an animation and as a strip', () => exportHistory(page, testInfo));
  await test.step('watched images: one slot alone by its key, images beside overlays, overlays hidden; arrows', () =>
    lookAtAll(page));
});

async function lookBack(page: Page): Promise<void> {
  const watched = page.getByTestId('watched');
  await expect(watched).toHaveAttribute('data-step', '6');
  const latest = await pixels(page.getByTestId('overlay-canvas').first());
  await page.getByRole('button', { name: 'First overlays' }).click();
  await expect(watched).toHaveAttribute('data-step', '0');
  await expect.poll(() => pixels(page.getByTestId('overlay-canvas').first())).not.toBe(latest);

  // Before the first step both networks are equal.
  const health = page.getByTestId('health');
  await health.locator('summary').click();
  await expect(health.locator('[data-measure=agreement] dd').first()).toHaveText('100%');
  await page.getByRole('button', { name: 'Overlays after' }).click();
  await expect(watched).toHaveAttribute('data-step', '2');
  await expect(page.getByTestId('scrub-step')).toHaveText('step 2');

  // A chart leads to the overlays nearest to where it was clicked.
  const plot = page.getByTestId('chart-losses').locator('.u-over');
  const box = defined(await plot.boundingBox());
  await plot.click({ position: { x: 0.6 * box.width, y: box.height / 2 } });
  await expect(watched).toHaveAttribute('data-step', '4');

  await page.getByRole('button', { name: 'First overlays' }).click();
  await page.getByTestId('pace').selectOption('8');
  await page.getByTestId('play').click();
  await expect(page.getByTestId('play')).toHaveAccessibleName('Hold the history');
  await expect(watched).toHaveAttribute('data-step', '6');
  await expect(page.getByTestId('play')).toHaveAccessibleName('Play the history');
  await expect.poll(() => pixels(page.getByTestId('overlay-canvas').first())).toBe(latest);
}

async function lookAtOne(page: Page): Promise<void> {
  const button = page.getByTestId('zoom').first();
  await button.focus();
  await page.keyboard.press('Enter');
  const dialog = page.getByTestId('zoom-dialog');
  await expect(dialog).toBeVisible();
  const canvas = page.getByTestId('zoom-canvas');
  const stage = page.getByTestId('zoom-stage');
  const seen = async (): Promise<string> => pixels(canvas);
  await expect.poll(() => canvas.evaluate((element) => (element as HTMLCanvasElement).width)).toBeGreaterThan(1);
  const fitted = await seen();
  const scale = async (): Promise<number> => Number(await stage.getAttribute('data-scale'));
  const atFirst = await scale();

  // Without anything to scroll, an arrow key shows the next image, and wraps around.
  const names = await page
    .getByTestId('overlay-tile')
    .evaluateAll((tiles) => tiles.map((tile) => (tile as HTMLElement).dataset['path']));
  await page.keyboard.press('ArrowRight');
  await expect(dialog.getByRole('heading')).toHaveText(defined(names[1]));
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('ArrowLeft');
  await expect(dialog.getByRole('heading')).toHaveText(defined(names[2]));
  await page.keyboard.press('PageDown');
  await expect(dialog.getByRole('heading')).toHaveText(defined(names[0]));
  await expect.poll(seen).toBe(fitted);

  await page.keyboard.press('+');
  await page.keyboard.press('+');
  await expect.poll(scale).toBeGreaterThan(1.5 * atFirst);
  await expect.poll(seen).not.toBe(fitted);
  const enlarged = await seen();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowRight');
  await expect.poll(seen).not.toBe(enlarged);
  await expect(page.getByTestId('zoom-probe')).toContainText(/Slot \d+ · <?\d+% of the image/);

  const before = await seen();
  await page.keyboard.press('1');
  await expect.poll(seen).not.toBe(before);
  await page.keyboard.press('1');
  await expect.poll(seen).toBe(before);
  await page.keyboard.press('s');
  await expect(page.getByTestId('zoom-picture')).toHaveCount(2);
  await page.keyboard.press('s');
  await page.keyboard.press('0');
  await expect.poll(scale).toBe(atFirst);

  // The wheel zooms around the pointer; the label names the segment under it.
  const pane = defined(await canvas.boundingBox());
  await page.mouse.move(pane.x + pane.width / 2, pane.y + pane.height / 3);
  await expect(page.getByTestId('zoom-probe')).toContainText('under the pointer');
  await page.mouse.wheel(0, -300);
  await expect.poll(scale).toBeGreaterThan(atFirst);
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await expect(button).toBeFocused();
}

async function exportHistory(page: Page, testInfo: TestInfo): Promise<void> {
  const exported = async (): Promise<{ name: string; bytes: Buffer }> => {
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByTestId('replay-start').click()]);
    const path = testInfo.outputPath(download.suggestedFilename());
    await download.saveAs(path);
    return { name: download.suggestedFilename(), bytes: readFileSync(path) };
  };
  await page.getByTestId('pace').selectOption('2');
  await page.getByTestId('export-replay').click();
  const gif = await exported();
  expect(gif.name).toBe('slotcon-replay-steps0-6.gif');
  expect(gif.bytes.subarray(0, 6).toString('latin1')).toBe('GIF89a');
  const { pages, delay, width } = await sharp(gif.bytes, { animated: true }).metadata();
  expect({ pages, delay }).toEqual({ pages: 4, delay: [500, 500, 500, 2000] });
  // Three images per row.
  expect(width).toBe(3 * (REPLAY_SIDE + 4) + 4);

  await page.getByRole('radio', { name: 'PNG strip' }).check();
  await page.getByTestId('replay-steps').selectOption('6');
  const strip = await exported();
  expect(strip.name).toBe('slotcon-strip-steps0-6.png');
  const png = decode(strip.bytes);
  // The images and four steps across, three images down, below the captions.
  expect([png.width, png.height]).toEqual([5 * (REPLAY_SIDE + 4) + 4, 24 + 3 * (REPLAY_SIDE + 4)]);
  // The captions contain text.
  const caption = png.data.subarray(0, png.width * 20 * png.channels);
  expect(caption.some((value, at) => at % 4 < 3 && value > 150)).toBe(true);
}

async function lookAtAll(page: Page): Promise<void> {
  const tile = page.getByTestId('overlay-canvas').first();
  const all = await pixels(tile);
  await page.keyboard.press('1');
  await expect.poll(() => pixels(tile)).not.toBe(all);
  await expect(page.getByTestId('overlay-tile').first().locator('figcaption')).toContainText(/Slot \d+ · <?\d+%/);
  await page.keyboard.press('1');
  await expect.poll(() => pixels(tile)).toBe(all);
  await page.keyboard.press('s');
  await expect(page.getByTestId('original')).toHaveCount(3);
  await expect(page.getByTestId('side-by-side')).toHaveAttribute('aria-pressed', 'true');
  const watched = page.getByTestId('watched');
  await expect(watched).toHaveAttribute('data-step', '6');
  await page.keyboard.press('ArrowLeft');
  await expect(watched).toHaveAttribute('data-step', '4');
  await page.keyboard.press('ArrowRight');
  await expect(watched).toHaveAttribute('data-step', '6');
  await page.keyboard.press('1');
  await expect(page.getByTestId('legend-row').and(page.locator('[aria-pressed=true]'))).toHaveCount(1);
  await page.keyboard.press('o');
  await expect(page.getByTestId('overlay-toggle')).not.toBeChecked();
}

import { expect, ON_CPU, SMALL, test } from './fixtures.ts';

test('the gallery shows each prototype by its segments, and works by keyboard alone', async ({ page, training }) => {
  await training.open(ON_CPU);
  await training.set({ ...SMALL, steps: 2 });
  await training.readImages(undefined);
  await training.start();
  await training.until(({ status }) => status === 'ended');

  await page.getByTestId('view-prototypes').focus();
  await page.keyboard.press('Enter');
  // Once canceled, it can be requested again.
  await page.getByTestId('make-gallery').click();
  await expect(page.getByRole('progressbar', { name: 'Segmenting the images' })).toBeVisible();
  await page.getByRole('button', { name: 'Cancel' }).click();
  await expect(page.getByTestId('make-gallery')).toHaveText(/Segment 200 images/);
  await page.getByTestId('make-gallery').press('Enter');
  await expect(page.getByTestId('gallery-age')).toContainText('200 images segmented at step 2', { timeout: 120_000 });

  const rows = page.getByTestId('gallery-row');
  await expect(rows.first().getByTestId('segment-image')).toHaveCount(5);
  await rows.first().getByRole('button').first().focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowRight');
  const focused = page.getByTestId('gallery-segment').and(page.locator(':focus'));
  await expect(focused).toHaveAttribute('aria-label', /more like it/);
  await expect(rows.nth(1).getByTestId('gallery-segment').and(page.locator(':focus'))).toHaveCount(1);
  await page.keyboard.press('Enter');
  const alike = page.getByTestId('similar').getByTestId('segment-image');
  await expect.poll(() => alike.count()).toBeGreaterThan(10);
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('similar')).toHaveCount(0);

  // A key that comes right after rows were drawn (a taller window has more), before the effects of that drawing have run.
  await page.setViewportSize({ width: 1280, height: 400 });
  await page.keyboard.press('Home');
  await expect(rows.nth(7)).toHaveCount(0);
  await page.getByRole('grid').evaluate((grid) => {
    const press = (_: unknown, observer: MutationObserver): void => {
      observer.disconnect();
      const key = new KeyboardEvent('keydown', { key: 'ArrowDown', bubbles: true, cancelable: true });
      document.activeElement?.dispatchEvent(key);
    };
    new MutationObserver(press).observe(grid, { childList: true });
  });
  await page.setViewportSize({ width: 1280, height: 800 });
  await expect(page.locator('[aria-rowindex="2"]').getByTestId('gallery-segment').first()).toBeFocused();
});

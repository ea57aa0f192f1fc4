import type { Page } from '@playwright/test';
import { expect, ON_CPU, SMALL, test } from './fixtures.ts';

test('keys: ? shows them, O hides the overlays, arrows go through the history', async ({ training, page }) => {
  await training.open(ON_CPU);
  await page.keyboard.press('?');
  const help = page.getByRole('dialog', { name: 'Keys' });
  await expect(help).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(help).toBeHidden();

  await training.set({ ...SMALL, steps: 4 });
  await training.readImages(undefined);
  await training.start();
  await training.until(({ status }) => status === 'ended');
  const watched = page.getByTestId('watched');
  await page.getByRole('heading', { name: 'Curves' }).click();
  await expect(watched).toHaveAttribute('data-step', '4');
  await page.keyboard.press('ArrowLeft');
  await expect(watched).toHaveAttribute('data-step', '2');
  await page.keyboard.press('ArrowRight');
  await expect(watched).toHaveAttribute('data-step', '4');
  await page.keyboard.press('o');
  await expect(page.getByTestId('overlay-toggle')).not.toBeChecked();
  await page.keyboard.press('1');
  await expect(page.getByTestId('legend-row').and(page.locator('[aria-pressed=true]'))).toHaveCount(1);
});

test('the view stands in the URL: Back and Forward switch views, by the keyboard too, and leave the run alone', async ({
  training,
  page,
}) => {
  await training.open(`${ON_CPU}#runs`);
  await expect(page.getByTestId('runs')).toBeVisible();
  await page.getByTestId('view-run').press('Enter');
  await expect(page).toHaveURL(/\/\?backend=cpu$/);
  await training.set({ ...SMALL, steps: 5000 });
  await training.readImages(undefined);
  await training.start();
  const { runId } = await training.until(({ step }) => step >= 1);

  await page.getByTestId('view-prototypes').press('Enter');
  await expect(page).toHaveURL(/\?backend=cpu#prototypes$/);
  await page.getByTestId('view-scores').press('Enter');
  await expect(page.getByTestId('scores')).toBeVisible();
  await page.goBack();
  await expect(page).toHaveURL(/\?backend=cpu#prototypes$/);
  await expect(page.getByTestId('gallery')).toBeVisible();
  await page.goBack();
  await expect(page.getByTestId('watched')).toBeVisible();
  await expect(page.getByTestId('view-run')).toHaveAttribute('aria-current', 'page');
  await page.goForward();
  await expect(page.getByTestId('gallery')).toBeVisible();
  expect(await training.state()).toMatchObject({ runId, status: 'training' });
});

const SCHEMES = ['light', 'dark'] as const;
const VIEWPORTS = [
  { width: 1280, height: 800 },
  { width: 390, height: 844 },
];

for (const viewport of VIEWPORTS) {
  test(`${viewport.width}×${viewport.height}: nothing overflows horizontally, light or dark`, async ({
    training,
    page,
  }) => {
    await page.setViewportSize(viewport);
    await training.open(ON_CPU);
    for (const colorScheme of SCHEMES) {
      await page.emulateMedia({ colorScheme });
      const background = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
      expect(luminance(background) < 0.5).toBe(colorScheme === 'dark');
    }
    await fits(page, 'empty');
    await training.readImages(undefined);
    await fits(page, 'images read');
    await openTab(page, 'Images');
    await training.set({ ...SMALL, steps: 2 });
    await fits(page, 'settings open');
    await training.start();
    await training.until(({ status }) => status === 'ended');
    for (const tab of ['Images', 'Run', 'Slots']) {
      await openTab(page, tab);
      await fits(page, tab);
    }
  });
}

/** Narrow screens show one part at a time. */
async function openTab(page: Page, name: string): Promise<void> {
  const tab = page.getByTestId(`tab-${name.toLowerCase()}`);
  if (await tab.isVisible()) await tab.click();
}

async function fits(page: Page, place: string): Promise<void> {
  for (const colorScheme of SCHEMES) {
    await page.emulateMedia({ colorScheme });
    const { scrollWidth, clientWidth } = await page.evaluate(() => {
      const { scrollWidth, clientWidth } = document.documentElement;
      return { scrollWidth, clientWidth };
    });
    expect(scrollWidth, `${place}, ${colorScheme}`).toBeLessThanOrEqual(clientWidth);
  }
}

/** 0 for black to 1 for white, of any color that the browser writes as numbers. */
function luminance(color: string): number {
  const numbers = (color.match(/[\d.]+/g) ?? []).map(Number);
  return color.startsWith('rgb') ? (numbers[0] + numbers[1] + numbers[2]) / 765 : numbers[0];
}

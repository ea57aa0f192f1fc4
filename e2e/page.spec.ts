import type { Page } from '@playwright/test';
import { FIELDS, type Config, type FieldName } from '../src/config/fields.ts';
import { expect, ON_CPU, SMALL, test } from './fixtures.ts';

test('? shows the keys', async ({ training, page }) => {
  await training.open(ON_CPU);
  await page.keyboard.press('?');
  const help = page.getByRole('dialog', { name: 'Keys' });
  await expect(help).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(help).toBeHidden();
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
    // One of each kind of control at least.
    const settings = { ...SMALL, steps: 2, optimizer: 'sgd', scaleLearningRate: true } as const;
    await fillIn(page, settings);
    await fits(page, 'settings open');
    await training.start();
    const { config } = await training.until(({ status }) => status === 'ended');
    expect(config).toMatchObject(settings);
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

/** Fills in settings through the controls of the form, and opens the groups that they are in. */
async function fillIn(page: Page, settings: Partial<Config>): Promise<void> {
  for (const [name, value] of Object.entries(settings)) {
    const { type, group } = FIELDS[name as FieldName];
    const details = page.locator(`details[data-group=${group}]`);
    if ((await details.getAttribute('open')) === null) await details.locator('summary').click();
    const control = page.locator(`#setting-${name}`);
    if (type === 'choice') await control.selectOption(String(value));
    else if (type === 'boolean') await control.setChecked(value === true);
    else await control.fill(String(value));
  }
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

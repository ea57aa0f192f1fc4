import type { Locator, Page } from '@playwright/test';
import { expect, findings, ON_CPU, openReport, SMALL, test } from './fixtures.ts';

test('no view violates the rules of axe, light or dark', async ({ page, training, browser }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await training.open(ON_CPU);
  await expectNoFindings(page, 'empty');
  await training.set({ ...SMALL, steps: 3 });
  await training.readImages(undefined);
  await expectNoFindings(page, 'ready');
  await training.start();
  await training.until(({ status }) => status === 'ended');
  await expect(page.getByTestId('overlay-tile').first()).toBeVisible();
  await expect(page.getByTestId('next-steps').getByRole('button').first()).toBeVisible();
  await expectNoFindings(page, 'trained');
  await expectToldApartInForcedColors(page);
  await page.getByTestId('table-toggle').click();
  await expectNoFindings(page, 'as a table');
  await page.getByTestId('zoom').first().click();
  await expect(page.getByTestId('zoom-dialog')).toBeVisible();
  await expectNoFindings(page, 'enlarged');
  await page.keyboard.press('Escape');
  await page.getByTestId('download-as').click();
  await expectNoFindings(page, 'menu');
  const [report] = await Promise.all([page.waitForEvent('download'), page.getByTestId('save-report').click()]);
  expect(report.suggestedFilename()).toBe('slotcon-step3-report.html');
  await openReport(browser, await report.path(), expectReport);
  await page.getByTestId('download-as').click();
  await page.getByTestId('export-masks').click();
  await expectNoFindings(page, 'masks');
  await page.keyboard.press('Escape');
  await page.keyboard.press('?');
  await expectNoFindings(page, 'help');
  await page.keyboard.press('Escape');
  await page.getByTestId('view-prototypes').click();
  await page.getByTestId('make-gallery').click();
  await expect(page.getByTestId('gallery-age')).toBeVisible({ timeout: 120_000 });
  await expectNoFindings(page, 'prototypes');
  await page.getByTestId('gallery-segment').first().click();
  await expect(page.getByTestId('similar').locator('canvas').first()).toBeVisible();
  await expectNoFindings(page, 'more like it');
  await page.keyboard.press('Escape');
  await page.getByTestId('view-map').click();
  await page.getByTestId('make-map').click();
  await expect(page.getByTestId('map-line').first()).toBeVisible({ timeout: 120_000 });
  // Only the points are to come.
  await page.getByTestId('make-map').click();
  await page.getByTestId('map-export-open').click();
  await expectNoFindings(page, 'map and its menu');
  await page.keyboard.press('Escape');
  await page.getByTestId('view-scores').click();
  await expectNoFindings(page, 'scores, none');
  await page.getByTestId('score').click();
  await expect(page.getByTestId('confusion')).toBeVisible({ timeout: 120_000 });
  await expectNoFindings(page, 'scores');
  await page.getByTestId('view-runs').click();
  await page.getByTestId('run-row').getByRole('checkbox').check();
  await expect(page.getByTestId('compared-table').locator('td').first()).toBeVisible();
  await expectNoFindings(page, 'runs');
  await page.getByTestId('new-sweep').click();
  await expectNoFindings(page, 'sweep');
});

async function expectNoFindings(page: Page, place: string): Promise<void> {
  await page.emulateMedia({ colorScheme: 'light' });
  expect(await findings(page), place).toEqual([]);
  // Only colors differ.
  await page.emulateMedia({ colorScheme: 'dark' });
  expect(await findings(page, 'color-contrast', 'link-in-text-block'), `${place}, dark`).toEqual([]);
}

async function expectReport(page: Page): Promise<void> {
  await expect(page.getByRole('figure').filter({ has: page.locator('.pair') })).toHaveCount(4);
  await expect(page.getByRole('img', { name: /^Losses, last values: total \d/ })).toBeVisible();
  await expect(page.getByRole('img', { name: /^Slot \d+ in / }).first()).toBeVisible();
  await expect(page.getByRole('region', { name: 'Changed from Tiny' })).toContainText('batchSize');
  await expect(page.getByText(/^npm run train -- --preset tiny --set steps=3 /)).toBeVisible();
  await expectNoFindings(page, 'report');
}

/** In a contrast theme, whose few colors replace the page's, what differs by color alone elsewhere still differs. */
async function expectToldApartInForcedColors(page: Page): Promise<void> {
  await page.emulateMedia({ forcedColors: 'active' });
  const background = (locator: Locator): Promise<string> =>
    locator.evaluate((element) => getComputedStyle(element).backgroundColor);
  expect(await background(page.getByTestId('view-run'))).not.toBe(await background(page.getByTestId('view-runs')));
  const primary = page.locator('button.primary:enabled').filter({ visible: true }).first();
  expect(await background(primary)).not.toBe(await background(page.getByTestId('download')));
  const swatches = page.getByTestId('legend-row').locator('.swatch');
  const colors = await Promise.all((await swatches.all()).map(background));
  expect(new Set(colors).size, colors.join(' ')).toBe(colors.length);
  const dots = await page
    .getByTestId('health')
    .locator('[data-level]')
    .first()
    .evaluate((dot: HTMLElement) =>
      ['good', 'info', 'warning', 'alarm'].map((level) => {
        const one = dot.cloneNode() as HTMLElement;
        one.dataset['level'] = level;
        dot.after(one);
        const { backgroundColor, borderRadius, transform } = getComputedStyle(one);
        one.remove();
        return [backgroundColor, borderRadius, transform].join(' ');
      }),
    );
  expect(new Set(dots).size, dots.join('; ')).toBe(4);
  await page.emulateMedia({ forcedColors: 'none' });
}

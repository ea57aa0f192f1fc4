import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, ON_CPU, SMALL, test } from './fixtures.ts';

/** What axe finds against the page as it is now: rule and places. */
async function findings(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target.join(' ')}`));
}

for (const colorScheme of ['light', 'dark'] as const) {
  test(`axe finds nothing on any view, ${colorScheme}`, async ({ page, training }) => {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await training.open(ON_CPU);
    expect(await findings(page), 'empty').toEqual([]);
    await training.set({ ...SMALL, steps: 3 });
    await training.readImages(undefined);
    expect(await findings(page), 'ready').toEqual([]);
    await training.start();
    await training.until(({ status }) => status === 'ended');
    await expect(page.getByTestId('overlay-tile').first()).toBeVisible();
    expect(await findings(page), 'trained').toEqual([]);
    await page.getByTestId('table-toggle').click();
    expect(await findings(page), 'as a table').toEqual([]);
    await page.getByTestId('zoom').first().click();
    await expect(page.getByTestId('zoom-dialog')).toBeVisible();
    expect(await findings(page), 'enlarged').toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByTestId('download-as').click();
    expect(await findings(page), 'menu').toEqual([]);
    await page.getByTestId('export-masks').click();
    expect(await findings(page), 'masks').toEqual([]);
    await page.keyboard.press('Escape');
    await page.keyboard.press('?');
    expect(await findings(page), 'help').toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByTestId('view-prototypes').click();
    expect(await findings(page), 'prototypes, none').toEqual([]);
    await page.getByTestId('make-gallery').click();
    await expect(page.getByTestId('gallery-age')).toBeVisible({ timeout: 120_000 });
    expect(await findings(page), 'prototypes').toEqual([]);
    await page.locator('.gallery-segment').first().click();
    await expect(page.getByTestId('similar').locator('canvas').first()).toBeVisible();
    expect(await findings(page), 'more like it').toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByTestId('view-scores').click();
    expect(await findings(page), 'scores, none').toEqual([]);
    await page.getByTestId('score').click();
    await expect(page.getByTestId('confusion')).toBeVisible({ timeout: 120_000 });
    expect(await findings(page), 'scores').toEqual([]);
    await page.getByTestId('view-runs').click();
    await page.getByTestId('run-row').getByRole('checkbox').check();
    await expect(page.getByTestId('compared-table').locator('td').first()).toBeVisible();
    expect(await findings(page), 'runs').toEqual([]);
    await page.getByTestId('new-sweep').click();
    expect(await findings(page), 'sweep').toEqual([]);
  });
}

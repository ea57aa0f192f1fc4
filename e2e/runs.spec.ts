import { readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { expect, ON_CPU, SMALL, test } from './fixtures.ts';

/** A table wider than its place scrolls inside itself, and a run's buttons can be reached. */
async function expectTableInside(page: Page): Promise<void> {
  const before = page.viewportSize();
  const table = page.getByRole('region', { name: 'Runs' });
  const last = page
    .getByTestId('run-row')
    .first()
    .getByRole('button', { name: /^Delete/ });
  for (const width of [1440, 1280, 390]) {
    await page.setViewportSize({ width, height: 844 });
    // On a phone the name would leave nothing of the rest beside fixed buttons: they are scrolled to.
    if (width === 390) await table.evaluate((element) => element.scrollTo({ left: element.scrollWidth }));
    const [outer, inner] = [await table.boundingBox(), await last.boundingBox()];
    if (!outer || !inner) throw new Error('The table of runs has no place on the page.');
    expect(outer.x + outer.width, `at ${width} px`).toBeLessThanOrEqual(width);
    expect(inner.x, `at ${width} px`).toBeGreaterThanOrEqual(outer.x);
    expect(inner.x + inner.width, `at ${width} px`).toBeLessThanOrEqual(outer.x + outer.width);
    expect(await page.evaluate(() => document.documentElement.scrollWidth), `at ${width} px`).toBe(width);
  }
  if (before) await page.setViewportSize(before);
}

/** Ends the visit in the middle of a pass over the regions of the images. */
async function leavePass(page: Page): Promise<void> {
  await page.getByTestId('view-map').click();
  await page.getByTestId('make-map').click();
  // They are written 32 at a time.
  await expect(page.getByTestId('map-state')).toHaveText(/Finding regions: (3[2-9]|[4-9]\d|1\d\d) of 200/);
}

/** The pass goes on where an earlier visit left it, in its file. */
async function finishPass(page: Page): Promise<void> {
  await page.getByTestId('view-map').click();
  const state = page.getByTestId('map-state');
  const first = state.evaluate(
    (text) =>
      new Promise<number>((resolve) => {
        new MutationObserver(() => {
          const done = /Finding regions: (\d+) of/.exec(text.textContent)?.[1];
          if (done !== undefined) resolve(Number(done));
        }).observe(text, { characterData: true, childList: true, subtree: true });
      }),
  );
  await page.getByTestId('make-map').click();
  expect(await first).toBeGreaterThanOrEqual(32);
  await expect(state).toContainText(/Laying out the map|of 200 images at step 4/);
  const files = page.evaluate(async () => {
    const root = await navigator.storage.getDirectory();
    const names: string[] = [];
    for await (const name of (await root.getDirectoryHandle('regions')).keys()) names.push(name);
    return names;
  });
  expect(await files).toHaveLength(1);
}

test('runs and their regions are kept across visits, compared, continued, deleted and restored', async ({
  page,
  training,
}) => {
  await training.open(ON_CPU);
  const settings = { ...SMALL, autosaveEverySteps: 100 };
  for (const prototypes of [8, 12]) {
    await training.set({ ...settings, prototypes, steps: 4 });
    if (prototypes === 8) await training.readImages(undefined);
    await training.start();
    await training.until(({ status }) => status === 'ended');
  }
  await page.getByTestId('view-runs').click();
  const rows = page.getByTestId('run-row');
  await expect(rows).toHaveCount(2);
  await expect(rows.first()).toContainText('finished');
  await expect(rows.first().getByRole('button', { name: /^Start from/ })).toBeEnabled();
  await expectTableInside(page);
  await leavePass(page);

  // Another visit: by keyboard from here on.
  await training.open(ON_CPU);
  await page.getByTestId('view-runs').focus();
  await page.keyboard.press('Enter');
  await expect(rows).toHaveCount(2);
  for (const row of [rows.first(), rows.nth(1)]) {
    await row.getByRole('checkbox').focus();
    await page.keyboard.press('Space');
  }
  await expect(page.getByTestId('chart-compared runs').locator('.u-over')).toBeVisible();
  await expect(page.getByTestId('chart-compared runs').getByRole('listitem')).toHaveCount(2);
  await expect(page.getByTestId('differences').locator('tbody tr')).toHaveCount(1);
  await expect(page.getByTestId('differences').locator('tbody tr').first()).toHaveText(/Prototypes128/);
  await page.getByTestId('runs').getByTestId('table-toggle').press('Enter');
  const table = page.getByTestId('compared-table');
  await expect(table.locator('tbody th')).toHaveText(['1', '2', '3', '4']);
  await expect(table.locator('tbody td').first()).toHaveText(/^\d/);

  await rows.first().getByRole('textbox').focus();
  await page.keyboard.press('Control+a');
  await page.keyboard.type('<i>twelve</i>');
  await page.keyboard.press('Enter');
  await expect(rows.first().getByRole('checkbox', { name: 'Compare <i>twelve</i>' })).toBeChecked();

  await rows
    .first()
    .getByRole('button', { name: /^Delete/ })
    .press('Enter');
  await expect(rows).toHaveCount(1);
  await page.getByTestId('undo-delete').press('Enter');
  await expect(rows).toHaveCount(2);

  // Its checkpoint is whole: the next run starts from it.
  await rows
    .first()
    .getByRole('button', { name: /^Start from/ })
    .press('Enter');
  const { resume } = await training.until((state) => state.resume === 'loaded');
  expect(resume).toBe('loaded');
  await expect(page.getByTestId('resume')).toContainText('step 4');
  await expect(page.getByTestId('resume')).toContainText('12 prototypes');
  await training.readImages(undefined);
  await finishPass(page);
});

test('a sweep runs unattended to a table with scores, which is kept and exported as Markdown', async ({
  page,
  training,
}) => {
  await training.open(ON_CPU);
  await training.set({ ...SMALL, steps: 2 });
  await training.readImages(undefined);
  await page.getByTestId('view-runs').click();
  await page.getByTestId('new-sweep').click();
  const dialog = page.getByTestId('sweep-dialog');
  const values = dialog.getByRole('textbox', { name: 'Values' });
  await values.fill('8');
  await expect(page.getByTestId('sweep-plan')).toContainText('needs two or more different values');
  await expect(page.getByTestId('start-sweep')).toBeDisabled();
  await values.fill('4, 8');
  await page.getByTestId('sweep-seeds').fill('2');
  await expect(page.getByTestId('sweep-plan')).toContainText('4 runs');
  await page.getByTestId('start-sweep').click();
  await expect(page.getByTestId('sweep-state')).toContainText('Run 1 of 4: prototypes=4 seed=0');
  await expect(page.getByTestId('sweep-state')).toContainText('The sweep is over: 4 runs.', { timeout: 120_000 });
  const table = page.getByTestId('sweep-table');
  await expect(table.locator('tbody tr')).toHaveCount(2);
  const head = await table.locator('thead th').allTextContents();
  expect(head.slice(0, 3)).toEqual(['Prototypes K', 'runs', 'loss']);
  const score = table
    .locator('tbody tr')
    .first()
    .locator('td')
    .nth(head.indexOf('mIoU, %') - 1);
  await expect(score).toHaveText(/^\d+\.\d+ ± \d+\.\d+$/);

  await training.open(ON_CPU);
  await page.getByTestId('view-runs').click();
  await expect(table.locator('tbody tr')).toHaveCount(2);
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByTestId('sweep-markdown').click()]);
  const lines = readFileSync(await download.path(), 'utf8')
    .trimEnd()
    .split('\n');
  expect(lines).toHaveLength(4);
  expect(lines[0]).toContain('| Prototypes K | runs | loss |');
  await page.getByRole('button', { name: 'Curves' }).click();
  await expect(page.getByTestId('chart-compared runs').getByRole('listitem')).toHaveCount(4);
});

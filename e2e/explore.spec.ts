import { expect, findings, ON_CPU, openReport, pressOn, SMALL, tabTo, test } from './fixtures.ts';
import { folderOfPictures } from './helpers/files.ts';

test('Slots by sets color and temperature together, by keyboard, and follows single settings', async ({
  page,
  training,
}) => {
  await training.open(ON_CPU);
  const knob = page.getByTestId('slots-by');
  await expect(knob.getByRole('radio', { name: 'A bit of both' })).toBeChecked();
  await knob.getByRole('radio', { name: 'A bit of both' }).focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await expect(knob.getByRole('radio', { name: 'Things, whatever the light' })).toBeChecked();
  await expect(knob).toContainText('a road in sun and shadow');
  await page.locator('details[data-group=augmentation] summary').click();
  await expect(page.locator('#setting-jitterBrightness')).toHaveValue('0.8');
  await page.locator('#setting-jitterBrightness').fill('0.3');
  await expect(knob.locator('legend')).toHaveText('Slots by custom');
  await expect(knob.getByRole('radio', { checked: true })).toHaveCount(0);
  await knob.getByRole('radio', { name: 'Color and light' }).check();
  await expect(page.locator('#setting-jitterProbability')).toHaveValue('0');
  await expect(page.locator('#setting-jitterBrightness')).toHaveValue('0.4');
});

test('an exploration ends in a contact sheet, is resumed by the next visit, and its pick is trained by keyboard', async ({
  page,
  training,
  browser,
}, testInfo) => {
  const folder = await folderOfPictures(testInfo.outputPath('photos'), 8);
  await training.open(ON_CPU);
  await training.set({ ...SMALL, steps: 3 });
  await training.readImages(folder);
  await pressOn(page.getByTestId('offer-explore'));
  await expect(page).toHaveURL(/#explore$/);
  // Tab selects what a field holds.
  await tabTo(page.getByTestId('explore-steps'));
  await page.keyboard.type('2');
  await expect(page.getByTestId('explore-plan')).toContainText('8 runs of 2 steps');
  await pressOn(page.getByTestId('start-explore'));
  const state = page.getByTestId('explore-state');
  await expect(state).toContainText('Run 4 of 8: slotsBy=both seed=1', { timeout: 120_000 });
  await expect(page.getByTestId('recipe').first()).toBeVisible();

  // The page is closed in the middle and opened again.
  await training.open(ON_CPU);
  await training.readImages(folder);
  await pressOn(page.getByTestId('view-explore'));
  const resume = page.getByTestId('resume-explore');
  await expect(resume).toBeEnabled();
  await pressOn(resume);
  await expect(state).toContainText(/Run [45] of 8/);
  await expect(state).toBeHidden({ timeout: 120_000 });
  const rows = page.getByTestId('recipe');
  await expect(rows).toHaveCount(4);
  await expect(rows.locator('canvas')).toHaveCount(24);
  await expect(page.getByTestId('contact-sheet').locator('canvas')).toHaveCount(6 + 24);
  const stabilities = (await rows.locator('p strong:first-of-type').allTextContents()).map(Number);
  expect(stabilities).toEqual(stabilities.toSorted((a, b) => b - a));
  expect(await findings(page)).toEqual([]);
  const [download] = await Promise.all([page.waitForEvent('download'), pressOn(page.getByTestId('save-sheet'))]);
  expect(download.suggestedFilename()).toBe('slotcon-explore.png');

  const { runId: before } = await training.state();
  await pressOn(page.getByRole('button', { name: 'Train on from its weights: Things, whatever the light' }));
  const { config, step } = await training.until(({ status, runId }) => runId !== before && status === 'ended');
  expect([config?.teacherTemp, config?.jitterHue, config?.watchedImages, step]).toEqual([0.07, 0.2, 4, 5]);
  await expect(page.getByTestId('slots-by').locator('legend')).toContainText('Things, whatever the light');
  // Two sentences at first, the gravest.
  const next = page.getByTestId('next-steps');
  await expect(next.getByRole('listitem')).toHaveCount(2);
  await pressOn(next.getByRole('button', { name: /^Show \d more$/ }));
  await expect(next).toContainText('Two seeds agree little');
  await expect(next).toContainText('Only 8 images');
  await pressOn(page.getByTestId('download-as'));
  const [report] = await Promise.all([page.waitForEvent('download'), page.getByTestId('save-report').press('Enter')]);
  await openReport(browser, await report.path(), async (opened) => {
    const sheet = opened.getByRole('region', { name: 'Contact sheet' });
    await expect(sheet.getByRole('heading', { level: 3 })).toHaveText(
      stabilities.map((one) => new RegExp(` · stability ${one.toFixed(2)} · `)),
    );
    await expect(sheet.getByRole('img')).toHaveCount(6 + 24);
    expect(await findings(opened)).toEqual([]);
  });
});

import { readFileSync } from 'node:fs';
import { strFromU8, unzipSync } from 'fflate';
import { FIELDS } from '../src/config/fields.ts';
import { expect, ON_CPU, pressOn, SMALL, tabTo, test } from './fixtures.ts';

test('from the empty page to named masks and a checkpoint, by the keyboard alone', async ({ page, training }) => {
  // The settings of an earlier visit.
  await page.addInitScript((settings) => localStorage.setItem('slotcon-tab/settings', JSON.stringify(settings)), {
    preset: 'tiny',
    chosen: true,
    changed: SMALL,
  });
  await training.open(ON_CPU);

  await pressOn(page.getByRole('button', { name: 'Try sample scenes' }));
  await training.until(({ images }) => images.status === 'ready');
  const steps = page.locator('#setting-steps');
  await pressOn(page.locator(`details[data-group=${FIELDS.steps.group}] summary`));
  await tabTo(steps);
  await page.keyboard.press('Control+a');
  await page.keyboard.type('6');
  // Key by key, with a decimal comma: what is typed stays until the field is left.
  const weight = page.locator('#setting-groupLossWeight');
  await pressOn(page.locator(`details[data-group=${FIELDS.groupLossWeight.group}] summary`));
  await tabTo(weight);
  await page.keyboard.press('Control+a');
  await page.keyboard.type('0,25');
  await expect(weight).toHaveValue('0,25');
  await page.keyboard.press('Tab');
  await expect(weight).toHaveValue('0.25');
  await pressOn(page.getByTestId('start'));
  const { step, config } = await training.until(({ status }) => status === 'ended');
  expect([step, config?.groupLossWeight]).toEqual([6, 0.25]);

  // Back to the start and forward again.
  const watched = page.getByTestId('watched');
  for (const at of ['4', '2', '0']) {
    await page.keyboard.press('ArrowLeft');
    await expect(watched).toHaveAttribute('data-step', at);
  }
  for (const at of ['2', '4', '6']) {
    await page.keyboard.press('ArrowRight');
    await expect(watched).toHaveAttribute('data-step', at);
  }

  // One slot alone.
  await page.keyboard.press('1');
  await expect(page.getByTestId('legend-row').first()).toHaveAttribute('aria-pressed', 'true');
  await page.keyboard.press('Escape');

  // Two slots named and merged.
  const rows = page.getByTestId('legend-row');
  const first = Number(await rows.first().getAttribute('data-prototype'));
  const second = Number(await rows.nth(1).getAttribute('data-prototype'));
  await tabTo(rows.first());
  for (const name of ['sky', 'cloud']) {
    await page.keyboard.press('F2');
    await page.keyboard.press('Control+a');
    await page.keyboard.type(name);
    await page.keyboard.press('Enter');
    await expect(page.getByTestId('legend-row').filter({ hasText: name })).toBeFocused();
    if (name === 'sky') await page.keyboard.press('ArrowDown');
  }
  await expect(rows.nth(1)).toBeFocused();
  await page.keyboard.press('Shift+ArrowUp');
  await expect(page.getByRole('status').filter({ hasText: '2 ticked' })).toBeVisible();
  const merge = page.getByTestId('classes-merge');
  await tabTo(merge);
  await page.keyboard.press('Enter');
  const { classes } = await training.state();
  expect(classes).toHaveLength(1);
  expect(classes[0].prototypes).toEqual([first, second].toSorted((a, b) => a - b));
  expect(['sky', 'cloud']).toContain(classes[0].name);

  // Its nearest segments.
  await pressOn(page.getByTestId('view-prototypes'));
  await pressOn(page.getByTestId('make-gallery'));
  await expect(page.getByTestId('gallery-age')).toContainText('200 images segmented', { timeout: 120_000 });
  await pressOn(page.getByTestId('gallery-segment').first());
  await expect(page.getByTestId('similar').locator('canvas').first()).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('similar')).toHaveCount(0);

  // Scores.
  await pressOn(page.getByTestId('view-scores'));
  await pressOn(page.getByTestId('score'));
  await expect(page.getByTestId('class-table').locator('tbody tr').first()).toBeVisible();

  // Masks, then the checkpoint.
  await pressOn(page.getByTestId('view-run'));
  await pressOn(page.getByTestId('masks-open'));
  await tabTo(page.getByTestId('masks-export'));
  const [masks] = await Promise.all([page.waitForEvent('download'), page.keyboard.press('Enter')]);
  const files = unzipSync(new Uint8Array(readFileSync(await masks.path())));
  expect(Object.keys(files).filter((name) => name.startsWith('masks/'))).toHaveLength(200);
  const exported = (JSON.parse(strFromU8(files['classes.json'])) as { classes: unknown }).classes;
  expect(exported).toContainEqual(expect.objectContaining({ ...classes[0] }));
  await page.keyboard.press('Escape');
  const [checkpoint] = await Promise.all([page.waitForEvent('download'), page.keyboard.press('d')]);
  expect(checkpoint.suggestedFilename()).toBe('slotcon-step6.safetensors');

  // What to do next: six steps are fewer than slots take.
  const next = page.getByTestId('next-steps');
  await expect(next).toContainText('Ended at step 6, while features still align');
  const { runId: before } = await training.state();
  await pressOn(next.getByRole('button', { name: 'Train longer' }));
  const longer = await training.until(({ status, runId }) => runId !== before && status === 'ended');
  expect([longer.step, longer.records, longer.notes]).toEqual([
    6,
    6,
    ['The networks and prototypes start with the weights of a run.'],
  ]);
  await pressOn(next.getByRole('button', { name: 'Explore' }));
  await expect(page).toHaveURL(/#explore$/);
});

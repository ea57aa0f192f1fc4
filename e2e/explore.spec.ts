import { expect, ON_CPU, test } from './fixtures.ts';

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

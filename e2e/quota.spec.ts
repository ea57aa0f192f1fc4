import { expect, ON_CPU, SMALL, test } from './fixtures.ts';

test('when the browser gives no more room, a run goes on and what was kept before stays', async ({ page, training }) => {
  await training.open(ON_CPU);
  await training.set({ ...SMALL, steps: 4, autosaveEverySteps: 2 });
  await training.readImages(undefined);
  await training.start();
  await training.until(({ status }) => status === 'ended');
  await page.getByTestId('view-runs').click();
  const rows = page.getByTestId('run-row');
  await expect(rows).toHaveCount(1);
  await expect(rows.first().getByRole('button', { name: /^Start from/ })).toBeEnabled();

  const client = await page.context().newCDPSession(page);
  const { origin } = new URL(page.url());
  await client.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 1 });
  await training.set({ prototypes: 12, steps: 8 });
  await training.start();
  const { troubles } = await training.until((state) => state.troubles.length > 0);
  expect(troubles.map(({ code }) => code)).toEqual(['runs/not-kept']);
  await expect(page.getByRole('alert')).toContainText(/can’t be kept|can't be kept/);
  await expect(page.getByRole('alert')).toContainText('Training goes on; download its checkpoint, or delete old runs');
  const { endReason, step } = await training.until(({ status }) => status === 'ended');
  expect([endReason, step]).toEqual(['finished', 8]);

  await rows
    .nth(1)
    .getByRole('button', { name: /^Start from/ })
    .click();
  await training.until(({ resume }) => resume === 'loaded');
  await expect(page.getByTestId('resume')).toContainText('step 4');
  await client.send('Storage.overrideQuotaForOrigin', { origin });
});

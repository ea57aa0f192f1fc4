import { createTrainingPage } from '../src/cli/training/trainingPage.ts';
import { defined } from '../src/lib/defined.ts';
import { expect, listen, ON_CPU, SMALL, test } from './fixtures.ts';

test('a second tab watches, cannot train, and takes over when the first is closed', async ({
  page,
  training,
  context,
}) => {
  await training.open(ON_CPU);
  await training.set({ ...SMALL, steps: 100_000 });
  await training.readImages(undefined);
  await training.start();

  const second = await context.newPage();
  const complaints = listen(second);
  const other = createTrainingPage(second);
  await other.open(ON_CPU);
  await other.set({ steps: 2 });
  await other.readImages(undefined);
  const watched = second.getByTestId('other-tab');
  await expect(watched).toContainText(/Another tab trains sample scenes · Tiny: step [\d,]+ of 100,000, loss \d/);
  const first = await watched.textContent();
  await expect(watched).not.toHaveText(defined(first));
  await expect(second.getByTestId('start')).toBeDisabled();
  await expect(second.getByTestId('start-why')).toContainText('Another tab trains');
  await expect(page.getByTestId('other-tab')).toHaveCount(0);

  await page.close();
  await expect(watched).toHaveCount(0);
  await expect(second.getByTestId('start')).toBeEnabled();
  await other.start();
  const { step } = await other.until(({ status }) => status === 'ended');
  expect(step).toBe(2);
  expect(complaints).toEqual([]);
});

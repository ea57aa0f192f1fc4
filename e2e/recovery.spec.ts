import type { StepRecord } from '../src/signals/metrics.ts';
import type { TrainingPage } from '../src/cli/training/trainingPage.ts';
import { createRandom } from '../src/lib/random.ts';
import { expect, SMALL, test } from './fixtures.ts';

const STEPS = 12;
const CRASHES = 4;
const SETTINGS = { ...SMALL, steps: STEPS, displayEverySteps: 4, autosaveEverySteps: 5 };

async function unbroken(training: TrainingPage): Promise<readonly StepRecord[]> {
  await training.start();
  await training.until(({ status }) => status === 'ended');
  return training.recordsAfter(0);
}

test('a run whose graphics process crashes repeatedly recovers by itself, bit for bit', async ({
  page,
  training,
  browser,
}) => {
  await training.open('/');
  await training.set(SETTINGS);
  await training.readImages(undefined);
  const expected = await unbroken(training);
  expect(expected).toHaveLength(STEPS);

  const cdp = await browser.newBrowserCDPSession();
  const random = createRandom('crashes');
  await training.start();
  for (let crash = 0; crash < CRASHES; crash++) {
    const { step } = await training.state();
    const at = Math.min(STEPS - 1, step + 1 + random.integer(3));
    await training.until((state) => state.step >= at || state.status === 'ended');
    await cdp.send('Browser.crashGpuProcess').catch(() => undefined);
    await expect(page.getByTestId('run-bar')).toContainText(/lost|\d/);
    // Reaches a new step each time, so that the losses don't count as successive.
    await training.until((state) => state.step > at || state.status === 'ended');
  }
  const { endReason, notices } = await training.until(({ status }) => status === 'ended');
  expect([endReason, notices]).toEqual(['finished', []]);
  expect(await training.recordsAfter(0)).toEqual(expected);
});

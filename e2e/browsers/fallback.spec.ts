import { chromium } from '@playwright/test';
import { findChromium } from '../../scripts/machine.mjs';
import { createTrainingPage } from '../../src/cli/training/trainingPage.ts';
import { defined } from '../../src/lib/defined.ts';
import { expect, listen, SMALL, test } from '../fixtures.ts';

/** On Linux, where this browser offers WebGPU on some cards only. */
const REMEDY = process.platform === 'linux' ? 'chrome://flags/#enable-unsafe-webgpu' : 'graphics acceleration';

test('without WebGPU it trains, pauses and stops, with a warning that it will be slow', async ({ baseURL }) => {
  const executablePath = findChromium();
  const browser = await chromium.launch({
    args: ['--no-sandbox', '--disable-features=WebGPU', '--disable-gpu', '--disable-3d-apis'],
    ...(executablePath === undefined ? {} : { executablePath }),
  });
  try {
    const page = await browser.newPage();
    const complaints = listen(page);
    const training = createTrainingPage(page);
    const adapter = await training.open(defined(baseURL));
    expect(adapter).toMatchObject({ slow: true, description: expect.stringContaining('no WebGPU') });
    const chip = page.getByTestId('adapter-chip');
    await expect(chip).toHaveAttribute('data-level', 'warning');
    await expect(chip).toContainText('WebGPU is not available here, so training falls back');
    await expect(chip).toContainText(REMEDY);
    await expect(page.getByTestId('empty-state')).toContainText(REMEDY);
    await expect(page.getByTestId('preset-tiny').locator('input')).toBeChecked();
    await training.set({ ...SMALL, steps: 2 });
    await training.readImages(undefined);
    await training.start();
    const last = await training.until(({ status }) => status === 'ended');
    expect(last).toMatchObject({ endReason: 'finished', step: 2, notices: [] });

    await training.set({ steps: 2000 });
    await training.start();
    await training.until(({ step }) => step >= 1);
    await page.getByRole('button', { name: 'Pause', exact: true }).click();
    await training.until(({ status }) => status === 'paused');
    await training.stop();
    const stopped = await training.until(({ status }) => status === 'ended');
    expect(stopped).toMatchObject({ endReason: 'stopped', notices: [] });
    expect(stopped.step, 'Pause takes effect after the step in progress').toBeLessThan(20);
    expect(complaints).toEqual([]);
  } finally {
    await browser.close();
  }
});

import { renameSync, statSync } from 'node:fs';
import AxeBuilder from '@axe-core/playwright';
import { expect, test as base, type Browser, type Locator, type Page } from '@playwright/test';
import { createTrainingPage, type TrainingPage } from '../src/cli/training/trainingPage.ts';
import type { Config } from '../src/config/fields.ts';
import { SMALL_NETWORK } from '../src/testing/smallNetwork.ts';

/**
 * A network of a few thousand weights: the same code as any other, in a second or two per step on a software adapter.
 */
export const SMALL: Partial<Config> = {
  ...SMALL_NETWORK,
  displayEverySteps: 2,
  watchedImages: 4,
  autosaveEverySteps: 0,
};

/**
 * What lets a run of SMALL last until it is paused or stopped, however late that takes effect: with the learning rate of the
 * preset it collapses within a hundred steps, and a run that is saved ends then. So slow, no step of 6000 raised an alarm.
 */
export const LASTING = { steps: 100_000, baseLearningRate: 0.001, teacherTemp: 0.035 } satisfies Partial<Config>;

/** URL that computes on the CPU: for tests that don't depend on the adapter, which then compile no shaders. */
export const ON_CPU = '/?backend=cpu';

interface Fixtures {
  readonly training: TrainingPage;
}

/** Fails a test whose page wrote an error to the console, threw or crashed. */
export const test = base.extend<Fixtures>({
  page: async ({ page }, use) => {
    const complaints = listen(page);
    await use(page);
    expect(complaints, 'errors in the console').toEqual([]);
  },
  training: async ({ page }, use) => use(createTrainingPage(page)),
});

/** Collects the errors of a page. */
export function listen(page: Page): readonly string[] {
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.stack ?? error.message));
  page.on('crash', () => complaints.push('the page crashed'));
  return complaints;
}

/** Returns axe's findings on the page: rules and elements. `rules` are its own by default. */
export async function findings(page: Page, ...rules: string[]): Promise<string[]> {
  // In the page itself: axe's usual mode combines the findings of frames, of which there are none, on a page of its own.
  // Selectors of elements that pass are slow to make.
  const axe = new AxeBuilder({ page }).setLegacyMode().options({ resultTypes: ['violations'] });
  const { violations } = await (rules.length > 0 ? axe.withRules(rules) : axe).analyze();
  return violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target.join(' ')}`));
}

/**
 * Opens a downloaded report without a network, looks at it, and expects it to hold everything that it shows, below 5 MB and
 * without a request.
 */
export async function openReport(browser: Browser, path: string, look: (page: Page) => Promise<void>): Promise<void> {
  // Downloads have no extension, by which a browser knows what a file is.
  const file = `${path}.html`;
  renameSync(path, file);
  expect(statSync(file).size).toBeLessThan(5e6);
  const context = await browser.newContext({ offline: true });
  const page = await context.newPage();
  const complaints = listen(page);
  const requested: string[] = [];
  page.on('request', (request) => void requested.push(request.url()));
  await page.goto(`file://${file}`);
  await look(page);
  const sizes = await page.locator('image').evaluateAll((images) =>
    Promise.all(
      images.map(async (image) => {
        const picture = new Image();
        picture.src = image.getAttribute('href') ?? '';
        await picture.decode();
        return picture.naturalWidth;
      }),
    ),
  );
  expect(sizes.length).toBeGreaterThan(8);
  expect(Math.min(...sizes)).toBeGreaterThan(16);
  expect(requested.filter((url) => !url.startsWith('data:'))).toEqual([`file://${file}`]);
  expect(complaints).toEqual([]);
  await context.close();
}

/** Presses Tab until the element has the focus, or Shift and Tab where it is before what has it. */
export async function tabTo(target: Locator): Promise<void> {
  const isBefore = await target.evaluate(
    (element) =>
      document.activeElement !== document.body &&
      document.activeElement?.compareDocumentPosition(element) === Node.DOCUMENT_POSITION_PRECEDING,
  );
  const key = isBefore ? 'Shift+Tab' : 'Tab';
  // Found once: to find an element takes several times as long as a key.
  const element = await target.elementHandle();
  for (let presses = 0; presses < MAX_TABS; presses++) {
    if (await element.evaluate((one) => one === document.activeElement)) return;
    await target.page().keyboard.press(key);
  }
  throw new Error(`${key} never reaches ${String(target)}`);
}

/** Presses a key on a control that it reaches by Tab. */
export async function pressOn(target: Locator, key = 'Enter'): Promise<void> {
  await tabTo(target);
  await target.page().keyboard.press(key);
}

/** Greater than the number of controls on the page. */
const MAX_TABS = 400;

/** Returns the content of a canvas as text, for comparison. */
export function pixels(canvas: Locator): Promise<string> {
  return canvas.evaluate((element) => (element as HTMLCanvasElement).toDataURL());
}

export { expect } from '@playwright/test';

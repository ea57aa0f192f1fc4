import { readFileSync } from 'node:fs';
import type { Locator, Page } from '@playwright/test';
import type { Config } from '../src/config/fields.ts';
import { defined } from '../src/lib/defined.ts';
import { expect, findings, ON_CPU, pressOn, SMALL, tabTo, test } from './fixtures.ts';
import { drawnScenes, picturesIn, writePlanted, type Planted } from './helpers/plantedFolder.ts';

/** More of them, `REGION_SCENES=5000`, or the pictures of a folder, `REGION_IMAGES=DIR`. */
const SCENES = Number(process.env['REGION_SCENES'] ?? 120);
const IMAGES = process.env['REGION_IMAGES'];
/** Among thousands, and among photographs, a trained network finds all that is planted; it takes an adapter. */
const IS_LARGE = IMAGES !== undefined || SCENES > 1000;
const NETWORK: Partial<Config> = IS_LARGE
  ? { displayEverySteps: 100, watchedImages: 4 }
  : { ...SMALL, outDim: 64, hiddenDim: 64, prototypes: 16, cropSize: 64, workingSize: 64, steps: 2 };
const [DUPLICATES, OUTLIERS] = [20, 10];
/** Lines among which all that was planted has to be. */
const LINES = 40;

test('the map of a folder, by the keyboard: pass, lasso, lists, what to label first, exports', async ({
  page,
  training,
}, testInfo) => {
  test.setTimeout(1_800_000);
  const folder = testInfo.outputPath('planted');
  const pictures = IMAGES === undefined ? drawnScenes(SCENES) : picturesIn(IMAGES);
  const planted = await writePlanted(folder, pictures, { duplicates: DUPLICATES, outliers: OUTLIERS });
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await training.open(IS_LARGE ? '/' : ON_CPU);
  await training.choosePreset('tiny');
  await training.set(NETWORK);
  await training.readImages(folder);
  await training.start();
  await training.until(({ status }) => status === 'ended');
  await pressOn(page.getByTestId('view-map'));

  await test.step('a pass that is canceled goes on', () => makeMap(page, planted));
  await test.step('lasso', () => drawLasso(page));
  await test.step('more like one region', () => findSimilar(page));
  await test.step('near-duplicates', async () => {
    await chooseList(page, 'Near-duplicate images');
    const lines = await walk(page, LINES);
    const isListed = ([original, copy]: readonly [string, string]): boolean =>
      lines.some((line) => line.includes(original) && line.includes(copy));
    expect(planted.duplicates.filter((pair) => !isListed(pair))).toEqual([]);
  });
  await test.step('outliers and unusual mixes', async () => {
    await chooseList(page, 'Outliers');
    const lines = await walk(page, LINES);
    expect(planted.outliers.filter((path) => !lines.some((line) => line.includes(path)))).toEqual([]);
    // At the end of a list, a key leaves nothing behind that would take the focus back.
    for (const key of ['End', 'End']) await page.keyboard.press(key);
    await chooseList(page, 'Unusual mixes of slots');
    await expect(page.getByTestId('map-line').first()).toContainText('.jpg');
  });
  await test.step('what to label first', () => labelFirst(page));
  await test.step('exports', () => exportAll(page));
  await test.step('names and merges are those of the slots', () => nameSlots(page));
  await test.step('colors', () => colorBy(page));
  await test.step('by pointer', () => usePointer(page));
});

async function expectNoFindings(page: Page, place: string): Promise<void> {
  expect(await findings(page), place).toEqual([]);
}

async function makeMap(page: Page, { images }: Planted): Promise<void> {
  const make = page.getByTestId('make-map');
  const state = page.getByTestId('map-state');
  await expect(make).toHaveText(`Map ${images.toLocaleString('en')} images`);
  await expectNoFindings(page, 'no map');
  await pressOn(make);
  await expect(state).toContainText('Finding regions');
  await pressOn(make);
  await expect(make).toHaveText(/^Map/);
  await pressOn(make);
  await expect(state).toContainText(`of ${images.toLocaleString('en')} images at step`, { timeout: 1_200_000 });
  await expect(page.getByTestId('map-stage')).toBeVisible();
  await expectNoFindings(page, 'a map');
}

/** Around all points: as far as the map can be moved. */
async function drawLasso(page: Page): Promise<void> {
  const canvas = page.getByTestId('map-stage').locator('canvas');
  await pressOn(page.getByTestId('map-stage'), '+');
  await expect(canvas).toHaveAttribute('data-scale', '1.40');
  for (const keys of [['ArrowLeft', 'ArrowUp'], ['ArrowRight'], ['ArrowDown'], ['ArrowLeft']]) {
    for (const key of keys) for (let times = 0; times < 30; times++) await page.keyboard.press(key);
    await page.keyboard.press('Space');
  }
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('map-list-kind')).toHaveValue('selected');
  const [all, selected] = [
    await countOf(page.getByTestId('map-state')),
    await countOf(page.getByTestId('map-selection')),
  ];
  expect(selected).toBeGreaterThan(0.9 * all);
  expect(selected).toBeLessThanOrEqual(all);
  await expect(page.getByTestId('map-line').first()).toHaveAttribute('aria-selected', 'true');
  await expectNoFindings(page, 'a selection');
  await page.keyboard.press('0');
  await expect(canvas).toHaveAttribute('data-scale', '1.00');
  await pressOn(page.getByTestId('map-clear'));
  await expect(page.getByTestId('map-selection')).toHaveText('No region selected');
}

/** The first number of a text. */
async function countOf(place: Locator): Promise<number> {
  const text = (await place.textContent()) ?? '';
  return Number(defined(/[\d,]+/.exec(text))[0].replaceAll(',', ''));
}

async function chooseList(page: Page, name: string): Promise<void> {
  const kinds = page.getByTestId('map-list-kind');
  await pressOn(kinds, 'Home');
  const chosen = kinds.locator('option:checked');
  for (let at = 1; at < (await kinds.locator('option').count()) && (await chosen.textContent()) !== name; at++)
    await page.keyboard.press('ArrowDown');
  await expect(chosen).toHaveText(name);
  await expect(page.getByRole('listbox', { name, exact: true })).toBeVisible({ timeout: 120_000 });
}

/** Goes through the first lines of the list, or all if they are fewer; their names. */
async function walk(page: Page, count: number): Promise<readonly string[]> {
  const list = page.getByTestId('map-list');
  const first = list.getByRole('option').first();
  await tabTo(first);
  const present = Number(await first.getAttribute('aria-setsize'));
  const names: string[] = [];
  for (let line = 0; line < Math.min(count, present); line++) {
    const focused = list.locator(`[aria-posinset="${line + 1}"]`);
    await expect(focused).toBeFocused();
    names.push((await focused.getAttribute('aria-label')) ?? '');
    await page.keyboard.press('ArrowDown');
  }
  return names;
}

async function findSimilar(page: Page): Promise<void> {
  await chooseList(page, 'All regions');
  await walk(page, 3);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('listbox', { name: 'More like one region' })).toBeVisible();
  const shown = page.getByTestId('map-shown');
  await expect(shown).toHaveText(/^Cosine ≥ [\d.]+: 50 of/);
  await expectNoFindings(page, 'similar regions');
  await pressOn(page.getByTestId('map-threshold'), 'End');
  await expect(shown).toHaveText(/: 1 of/);
  await page.keyboard.press('Home');
  await expect(shown).toHaveText(/: ([\d,]+) of \1 /);
}

async function labelFirst(page: Page): Promise<void> {
  await chooseList(page, 'What to label first');
  const sentence = page.getByTestId('map-coverage');
  const [chosen, random] = [...((await sentence.textContent()) ?? '').matchAll(/(\d+)%/g)].map(([, percent]) =>
    Number(percent),
  );
  expect(chosen).toBeGreaterThanOrEqual(random);
  await pressOn(page.getByTestId('map-first-count'), 'Control+a');
  await page.keyboard.type('12');
  await page.keyboard.press('Enter');
  await expect(sentence).toContainText('12 chosen images cover');
  await expectNoFindings(page, 'what to label first');
  const csv = await take(page, 'map-take-open', 'csv');
  expect(csv.name).toBe('slotcon-12-images.csv');
  expect(csv.text.trim().split('\r\n')).toHaveLength(13);
  const names = await take(page, 'map-take-open', 'names');
  expect(names.text.trim().split('\n')).toHaveLength(12);
  expect((await take(page, 'map-take-open', 'zip')).text).toMatch(/^PK/);
}

/** Downloads an item of a menu. */
async function take(page: Page, button: string, format: string): Promise<{ name: string; text: string }> {
  await pressOn(page.getByTestId(button));
  const items = page.getByRole('menu').getByRole('menuitem').filter({ visible: true });
  await expect(items.first()).toBeFocused();
  for (let at = 0; at < (await items.count()); at++) {
    if ((await page.locator(':focus').getAttribute('data-format')) === format) break;
    await page.keyboard.press('ArrowDown');
  }
  const [download] = await Promise.all([
    page.waitForEvent('download', { timeout: 120_000 }),
    page.keyboard.press('Enter'),
  ]);
  return { name: download.suggestedFilename(), text: readFileSync(await download.path(), 'latin1') };
}

async function exportAll(page: Page): Promise<void> {
  const regions = await countOf(page.getByTestId('map-state'));
  expect((await take(page, 'map-export-open', 'parquet')).text).toMatch(/^PAR1[^]*PAR1$/);
  const { text } = await take(page, 'map-export-open', 'csv');
  expect(text.trim().split('\r\n')).toHaveLength(regions + 1);
  expect((await take(page, 'map-export-open', 'fiftyone')).text).toMatch(/^\{/);
  expect((await take(page, 'map-export-open', 'cvat')).text).toMatch(/^PK/);
}

async function nameSlots(page: Page): Promise<void> {
  await chooseList(page, 'All regions');
  await walk(page, 1);
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Space');
  await tabTo(page.getByTestId('map-name'));
  await page.keyboard.type('ground');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('map-legend')).toContainText('ground');
  await expect(page.getByTestId('legend-row').filter({ hasText: 'ground' })).toHaveCount(1);
  await page.getByTestId('map-name').blur();
  await page.keyboard.press('Control+z');
  await expect(page.getByTestId('map-legend')).not.toContainText('ground');
}

async function colorBy(page: Page): Promise<void> {
  const legend = page.getByTestId('map-legend');
  await pressOn(page.getByTestId('map-color'), 'ArrowDown');
  await expect(legend).toContainText('album-0');
  await expect(legend).toContainText('copies');
  await page.keyboard.press('ArrowDown');
  await expect(legend).toContainText(/from .*2023/);
  await page.emulateMedia({ colorScheme: 'dark' });
  await expectNoFindings(page, 'dark');
}

async function usePointer(page: Page): Promise<void> {
  const stage = page.getByTestId('map-stage');
  const { x, y, width, height } = defined(await stage.boundingBox());
  // A region is found somewhere on the way.
  for (let at = 0.2; at < 0.8 && (await page.getByTestId('map-card').count()) === 0; at += 0.01)
    await page.mouse.move(x + at * width, y + at * height);
  await expect(page.getByTestId('map-card')).toContainText('of the image');
  await page.keyboard.down('Shift');
  await page.mouse.move(x + 2, y + 2);
  await page.mouse.down();
  for (const [across, down] of [
    [0.5, 0.01],
    [0.5, 0.99],
    [0.01, 0.99],
  ])
    await page.mouse.move(x + across * width, y + down * height, { steps: 5 });
  await page.mouse.up();
  await page.keyboard.up('Shift');
  await expect(page.getByTestId('map-selection')).toHaveText(/ selected, in /);
}

import type { Download, Page } from 'playwright';
import { FIELDS, type Config, type FieldName } from '../../config/fields.ts';
import type { PresetName } from '../../config/presets.ts';
import type { SkippedFile } from '../../domain/images.ts';
import { UserError } from '../../lib/errors.ts';
import type { PageSnapshot } from '../../state/pageApi.ts';
import type { Health, Overlay, StepRecord } from '../../domain/reports.ts';

/** How often a condition is asked for, in ms. */
const POLLING = 100;

/**
 * The real page, used the way a person does: what is done goes through its controls, what is read comes from
 * `window.slotconTab`. Waits have no limit of their own unless `page` sets one.
 */
export interface TrainingPage {
  readonly page: Page;
  /** Goes to the address and waits until an adapter is open. */
  open(url: string): Promise<PageSnapshot>;
  state(): Promise<PageSnapshot>;
  /** The first state for which the test holds; throws the page's latest trouble as a UserError, if there is a new one. */
  until(test: (state: PageSnapshot) => boolean): Promise<PageSnapshot>;
  recordsAfter(step: number): Promise<readonly StepRecord[]>;
  overlaysAt(step: number): Promise<readonly Overlay[]>;
  healthAt(step: number): Promise<Health | undefined>;
  skippedFiles(): Promise<readonly SkippedFile[]>;
  /** The preset that is chosen in the form, proposed or not. */
  preset(): Promise<PresetName>;
  choosePreset(preset: PresetName): Promise<void>;
  set(settings: Partial<Config>): Promise<void>;
  /** Reads a folder through the hidden input, or has the sample scenes drawn; resolves when all are read. */
  readImages(folder: string | undefined): Promise<PageSnapshot>;
  loadCheckpoint(path: string): Promise<PageSnapshot>;
  /** Throws a UserError with the page's own words where it can't start. */
  start(): Promise<PageSnapshot>;
  stop(): Promise<void>;
  downloadCheckpoint(): Promise<Download>;
  /** One of the formats in the menu, by its id. */
  downloadAs(format: string): Promise<Download>;
}

export function createTrainingPage(page: Page): TrainingPage {
  /** Troubles that were there at the last look. */
  let known = 0;
  const state = async (): Promise<PageSnapshot> => {
    const now = await page.evaluate(() => window.slotconTab!.state());
    known = Math.min(known, now.troubles.length);
    return now;
  };

  const until = async (test: (state: PageSnapshot) => boolean): Promise<PageSnapshot> => {
    for (;;) {
      const now = await state();
      const troubles = known;
      known = now.troubles.length;
      if (test(now)) return now;
      const trouble = now.troubles.at(-1);
      if (trouble && known > troubles) throw new UserError(trouble.code, trouble.message);
      // The state as text: the next look is worth it once anything in it is another.
      await page.waitForFunction(
        (before) => JSON.stringify(window.slotconTab!.state()) !== before,
        JSON.stringify(now),
        {
          polling: POLLING,
          timeout: 0,
        },
      );
    }
  };

  const set = async (settings: Partial<Config>): Promise<void> => {
    for (const [name, value] of Object.entries(settings)) {
      const field = FIELDS[name as FieldName];
      const group = page.locator(`details[data-group=${field.group}]`);
      if ((await group.getAttribute('open')) === null) await group.locator('summary').click();
      const control = page.locator(`#setting-${name}`);
      if (field.type === 'choice') await control.selectOption(String(value));
      else if (field.type === 'boolean') await control.setChecked(value === true);
      else await control.fill(String(value));
    }
  };

  const start = async (): Promise<PageSnapshot> => {
    const button = page.getByTestId('start');
    const why = page.getByTestId('start-why');
    await button.or(why).first().waitFor();
    if (await button.isDisabled()) throw new UserError('page/not-ready', (await why.textContent()) ?? '');
    const before = (await state()).runId;
    await button.click();
    return until(({ status, runId }) => runId !== before && status !== 'preparing');
  };

  return {
    page,
    state,
    until,
    set,
    start,
    open: async (url) => {
      await page.goto(url);
      await page.waitForFunction(() => window.slotconTab !== undefined);
      return until(({ adapter }) => adapter !== undefined);
    },
    recordsAfter: (step) => page.evaluate((after) => window.slotconTab!.recordsAfter(after), step),
    healthAt: (step) => page.evaluate((at) => window.slotconTab!.healthAt(at), step),
    overlaysAt: (step) => page.evaluate((at) => window.slotconTab!.overlaysAt(at), step),
    skippedFiles: () => page.evaluate(() => window.slotconTab!.skippedFiles()),
    preset: async () => (await page.locator('input[name=preset]:checked').inputValue()) as PresetName,
    choosePreset: (preset) => page.locator(`input[name=preset][value=${preset}]`).check({ force: true }),
    readImages: async (folder) => {
      const before = (await state()).images.datasetId;
      // One in the middle of an empty page, one above the images of a wide one.
      const samples = page.getByRole('button', { name: /^(Try sample scenes|Samples)$/ }).filter({ visible: true });
      if (folder === undefined) await samples.first().click();
      else await page.getByTestId('folder-input').setInputFiles(folder);
      return until(({ images }) => images.datasetId !== before && images.status === 'ready');
    },
    loadCheckpoint: async (path) => {
      await page.getByTestId('checkpoint-input').setInputFiles(path);
      return until(({ resume }) => resume === 'loaded');
    },
    stop: () => page.getByRole('button', { name: 'Stop', exact: true }).click({ timeout: 5000 }),
    downloadCheckpoint: async () => {
      const [download] = await Promise.all([page.waitForEvent('download'), page.getByTestId('download').click()]);
      return download;
    },
    downloadAs: async (format) => {
      await page.getByTestId('download-as').click();
      const item = page.getByTestId('download-menu').locator(`[data-format=${format}]`);
      const [download] = await Promise.all([page.waitForEvent('download'), item.click()]);
      return download;
    },
  };
}

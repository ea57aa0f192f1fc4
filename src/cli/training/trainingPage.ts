import type { Download, Page } from 'playwright';
import type { Config } from '../../config/fields.ts';
import type { PresetName } from '../../config/presets.ts';
import type { SkippedFile } from '../../domain/images.ts';
import { UserError } from '../../lib/errors.ts';
import type { PageSnapshot } from '../../state/pageApi.ts';
import type { AdapterSummary } from '../../worker/contracts.ts';
import type { Health, Overlay } from '../../domain/reports.ts';
import type { StepRecord } from '../../signals/metrics.ts';

/** Time between two reads of a state that is waited for. */
const POLLING_MS = 100;

/**
 * Drives the real page: actions go through its controls; settings and state through `window.slotconTab`. Waits have no timeout
 * of their own unless `page` sets one.
 */
export interface TrainingPage {
  readonly page: Page;
  /** Goes to the address and resolves to the adapter when it is open. */
  open(url: string): Promise<AdapterSummary>;
  state(): Promise<PageSnapshot>;
  /** Resolves to the first state for which `test` holds; throws a new notice of the page as a UserError. */
  until(test: (state: PageSnapshot) => boolean): Promise<PageSnapshot>;
  recordsAfter(step: number): Promise<readonly StepRecord[]>;
  overlaysAt(step: number): Promise<readonly Overlay[]>;
  healthAt(step: number): Promise<Health | undefined>;
  skippedFiles(): Promise<readonly SkippedFile[]>;
  /** End runs started from now on after this step. */
  stopAfter(step: number): Promise<void>;
  /** Durations (ms) of the main thread's long tasks so far. */
  longTasks(): Promise<readonly number[]>;
  /** The preset that is selected in the form, by the person or by proposal. */
  preset(): Promise<PresetName>;
  choosePreset(preset: PresetName): Promise<void>;
  /** Sets valid settings. */
  set(settings: Partial<Config>): Promise<void>;
  /** Reads a folder through the hidden input, or the sample scenes without one; resolves when all images are read. */
  readImages(folder: string | undefined): Promise<PageSnapshot>;
  loadCheckpoint(path: string): Promise<PageSnapshot>;
  /** Lets a new run start from the weights of the loaded checkpoint. */
  startAnew(): Promise<void>;
  /** Loads a file, a checkpoint or an encoder, that a new run starts from. */
  startFrom(path: string): Promise<void>;
  /** Starts a run and resolves when it is prepared. Throws the page's reason as a UserError where it can't start. */
  start(): Promise<PageSnapshot>;
  stop(): Promise<void>;
  downloadCheckpoint(): Promise<Download>;
  /** Downloads the run in one of the formats of the menu, by its id. */
  downloadAs(format: string): Promise<Download>;
}

export function createTrainingPage(page: Page): TrainingPage {
  /** Number of notices in the last state that was read. */
  let knownNotices = 0;
  const state = async (): Promise<PageSnapshot> => {
    const now = await page.evaluate(() => window.slotconTab.state());
    knownNotices = Math.min(knownNotices, now.notices.length);
    return now;
  };

  const until = async (test: (state: PageSnapshot) => boolean): Promise<PageSnapshot> => {
    for (;;) {
      const now = await state();
      const noticesBefore = knownNotices;
      knownNotices = now.notices.length;
      if (test(now)) return now;
      const notice = now.notices.at(-1);
      if (notice && knownNotices > noticesBefore) throw new UserError(notice.code, notice.message);
      // Compared as text in the page, so that only a state that has changed is sent over.
      await page.waitForFunction(
        (before) => JSON.stringify(window.slotconTab.state()) !== before,
        JSON.stringify(now),
        { polling: POLLING_MS, timeout: 0 },
      );
    }
  };

  const start = async (): Promise<PageSnapshot> => {
    const button = page.getByTestId('start');
    const reason = page.getByTestId('start-why');
    await button.or(reason).first().waitFor();
    if (await button.isDisabled()) throw new UserError('page/not-ready', (await reason.textContent()) ?? '');
    const before = (await state()).runId;
    await button.click();
    return until(({ status, runId }) => runId !== before && status !== 'preparing');
  };

  return {
    page,
    state,
    until,
    start,
    set: (settings) => page.evaluate((values) => window.slotconTab.set(values), settings),
    open: async (url) => {
      await page.goto(url);
      await page.waitForFunction(() => 'slotconTab' in window);
      const { adapter } = await until((now) => now.adapter !== undefined);
      if (!adapter) throw new Error('unreachable: waited for an adapter');
      return adapter;
    },
    recordsAfter: (step) => page.evaluate((after) => window.slotconTab.recordsAfter(after), step),
    healthAt: (step) => page.evaluate((at) => window.slotconTab.healthAt(at), step),
    overlaysAt: (step) => page.evaluate((at) => window.slotconTab.overlaysAt(at), step),
    skippedFiles: () => page.evaluate(() => window.slotconTab.skippedFiles()),
    stopAfter: (step) => page.evaluate((last) => window.slotconTab.stopAfter(last), step),
    longTasks: () => page.evaluate(() => window.slotconTab.longTasks()),
    preset: async () => (await page.locator('input[name=preset]:checked').inputValue()) as PresetName,
    choosePreset: (preset) => page.locator(`input[name=preset][value=${preset}]`).check({ force: true }),
    readImages: async (folder) => {
      const before = (await state()).images.datasetId;
      // An empty page shows the first, a wide page with images the second.
      const samples = page.getByRole('button', { name: /^(Try sample scenes|Samples)$/ }).filter({ visible: true });
      if (folder === undefined) await samples.first().click();
      else await page.getByTestId('folder-input').setInputFiles(folder);
      return until(({ images }) => images.datasetId !== before && images.status === 'ready');
    },
    loadCheckpoint: async (path) => {
      await page.getByTestId('checkpoint-input').setInputFiles(path);
      return until(({ resume }) => resume === 'loaded');
    },
    startAnew: () => page.getByTestId('start-anew').click(),
    startFrom: async (path) => {
      await page.getByTestId('checkpoint-input').setInputFiles(path);
      const { resume } = await until((now) => now.resume === 'loaded' || now.resume === 'encoder');
      if (resume === 'loaded') await page.getByTestId('start-anew').click();
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

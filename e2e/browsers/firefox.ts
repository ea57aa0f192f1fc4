import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect } from '@playwright/test';
import puppeteer, { type Browser, type Page } from 'puppeteer-core';
import { vulkanEnvironment } from '../../scripts/machine.mjs';
import { defined } from '../../src/lib/defined.ts';
import type { PageSnapshot } from '../../src/state/pageApi.ts';

/** What the README tells people on Linux to set. */
const WEBGPU = {
  'dom.webgpu.enabled': true,
  'dom.webgpu.workers.enabled': true,
  'gfx.webgpu.ignore-blocklist': true,
};
const POLLING_MS = 100;
/** Longer than anything the tests wait for takes. */
const TIMEOUT_MS = 120_000;

/** Launches a headless Firefox that saves downloads in a folder without asking. */
export function launchFirefox(executablePath: string, downloads: string): Promise<Browser> {
  return puppeteer.launch({
    browser: 'firefox',
    executablePath,
    env: { ...process.env, ...vulkanEnvironment() },
    defaultViewport: { width: 1280, height: 800 },
    extraPrefsFirefox: { ...WEBGPU, 'browser.download.folderList': 2, 'browser.download.dir': downloads },
  });
}

/** Collects the errors of a page. */
export function errorsOf(page: Page): readonly string[] {
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  return complaints;
}

/** Resolves to the first state for which `test` holds; throws a notice of the page, and the last state where none comes. */
export async function until(page: Page, test: (state: PageSnapshot) => boolean): Promise<PageSnapshot> {
  let state: PageSnapshot | undefined;
  await expect(async () => {
    const text = await page.evaluate(() => ('slotconTab' in window ? JSON.stringify(window.slotconTab.state()) : ''));
    state = text === '' ? undefined : (JSON.parse(text) as PageSnapshot);
    if (!state || (!test(state) && state.notices.length === 0))
      throw new Error(`the page is at ${text || 'its start'}`);
  }).toPass({ intervals: [POLLING_MS], timeout: TIMEOUT_MS });
  const reached = defined(state);
  if (test(reached)) return reached;
  const [{ code, message }] = reached.notices;
  throw new Error(`${code}: ${message}`);
}

/**
 * Gives a folder to the page's input for folders. WebDriver sets files only: each gets the path in its folder that Firefox
 * gives it when a person chooses the folder.
 */
export async function chooseFolder(page: Page, folder: string): Promise<PageSnapshot> {
  const input = await page.waitForSelector('input[data-testid=folder-input]');
  if (!input) throw new Error('the page has no input for folders');
  await input.evaluate((element, name) => {
    const placeFiles = (): void => {
      for (const file of element.files ?? [])
        Object.defineProperty(file, 'webkitRelativePath', { value: `${name}/${file.name}` });
    };
    element.addEventListener('change', placeFiles, { capture: true, once: true });
  }, basename(folder));
  await input.uploadFile(...readdirSync(folder).map((name) => join(folder, name)));
  return until(page, ({ images }) => images.status === 'ready');
}

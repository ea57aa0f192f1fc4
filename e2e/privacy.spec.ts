import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BrowserContext } from '@playwright/test';
import { SECURITY_HEADERS } from '../scripts/contentSecurityPolicy.mjs';
import { defined } from '../src/lib/defined.ts';
import { EVERY_FORMAT, writeEveryFormat } from '../src/testing/formats/everyFormat.node.ts';
import { expect, ON_CPU, SMALL, test } from './fixtures.ts';

test.use({ serviceWorkers: 'allow' });

/** Every request of the context, service worker and workers included, from the time of the call. */
function recorded(context: BrowserContext): string[] {
  const requests: string[] = [];
  context.on('request', (request) => requests.push(request.url()));
  return requests;
}

/** Resolves once the offline copy of the page is stored. */
function offlineCopy(): Promise<boolean> {
  return navigator.serviceWorker.ready.then(({ active }) => active !== null);
}

test('no request once the page is loaded, and none to another origin ever', async ({
  page,
  training,
  context,
  baseURL,
}, testInfo) => {
  const all = recorded(context);
  await training.open(ON_CPU);
  expect(await page.evaluate(offlineCopy)).toBe(true);
  await page.waitForLoadState('networkidle');
  const loaded = all.length;
  expect(loaded).toBeGreaterThan(3);

  await training.set({ ...SMALL, steps: 4, autosaveEverySteps: 2 });
  await training.readImages(undefined);
  await training.start();
  await training.until(({ status }) => status === 'ended');
  await (await training.downloadCheckpoint()).saveAs(testInfo.outputPath('a.safetensors'));
  await page.getByTestId('export-replay').click();
  const [gif] = await Promise.all([page.waitForEvent('download'), page.getByTestId('replay-start').click()]);
  await gif.saveAs(testInfo.outputPath('a.gif'));
  await page.getByTestId('view-prototypes').click();
  await page.getByTestId('make-gallery').click();
  await expect(page.getByTestId('gallery-age')).toBeVisible({ timeout: 120_000 });
  await page.getByTestId('view-scores').click();
  await page.getByTestId('score').click();
  await expect(page.getByTestId('class-table').locator('tbody tr').first()).toBeVisible();
  await page.getByTestId('view-runs').click();
  await expect(page.getByTestId('run-row')).toHaveCount(1);

  // Views and the replay's worker are files of the page, loaded when they are opened; so is the icon, with every URL.
  const later = all.slice(loaded).filter((url) => !/^blob:|\/assets\/[\w.-]+\.(js|css)$|\/icon\.svg$/.test(url));
  expect(later).toEqual([]);
  expect(all.filter((url) => !url.startsWith(defined(baseURL)) && !url.startsWith('blob:'))).toEqual([]);
});

/** The built page on a server that can be closed in the middle of a test. */
async function servePage() {
  const root = fileURLToPath(new URL('../dist/', import.meta.url));
  const types: Record<string, string> = {
    '.html': 'text/html',
    '.js': 'text/javascript',
    '.css': 'text/css',
    '.svg': 'image/svg+xml',
  };
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname;
    const file = join(root, path === '/' ? 'index.html' : path);
    readFile(file).then(
      (bytes) => {
        const type = types[extname(file)] ?? 'application/octet-stream';
        response.writeHead(200, { ...SECURITY_HEADERS, 'Content-Type': type }).end(bytes);
      },
      () => response.writeHead(404).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, resolve));
  const url = `http://localhost:${(server.address() as AddressInfo).port}/`;
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { url, close };
}

test('without a server or a network the page opens again, reads every format and trains', async ({
  page,
  training,
  context,
}, testInfo) => {
  const folder = testInfo.outputPath('photos');
  await writeEveryFormat(folder);
  const { url, close } = await servePage();
  // On WebGPU: the eager engine, which offline is to compute, isn't loaded by this visit.
  await training.open(url);
  expect(await page.evaluate(offlineCopy)).toBe(true);
  await close();
  await context.setOffline(true);
  const adapter = await training.open(`${url}?backend=cpu`);
  expect(adapter).toMatchObject({ backend: 'cpu', engine: 'eager' });
  await training.set({ ...SMALL, steps: 2 });
  const { images } = await training.readImages(folder);
  // The decoders of HEIC, TIFF and deep PNG too were kept for a visit without a network.
  const usable = EVERY_FORMAT.filter(({ expect: what }) => what === 'decode').length;
  expect(images).toMatchObject({ usable, skipped: EVERY_FORMAT.length - usable });
  await training.start();
  const { step } = await training.until(({ status }) => status === 'ended');
  expect(step).toBe(2);
});

test('scripts that are not the page’s own do not run, and no other origin is reached', async ({ context }) => {
  // The console is expected to hold errors of blocked requests.
  const page = await context.newPage();
  await page.goto('/');
  await page.waitForFunction(() => 'slotconTab' in window);
  const response = await page.request.get('/');
  expect(response.headers()['content-security-policy']).toContain("script-src 'self'");
  const violations = await page.evaluate(async () => {
    const seen: string[] = [];
    document.addEventListener('securitypolicyviolation', ({ effectiveDirective }) => seen.push(effectiveDirective));
    const script = document.createElement('script');
    script.textContent = 'window.broken = 1';
    document.body.append(script);
    await fetch('https://example.com/').catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve));
    return { seen: [...new Set(seen)], ran: 'broken' in window };
  });
  expect(violations.ran).toBe(false);
  expect(violations.seen.toSorted()).toEqual(['connect-src', 'script-src-elem']);
});

import { defineConfig } from '@playwright/test';

import { chromiumArguments, findChromium } from '../scripts/machine.mjs';

// Another port lets two checkouts be tested side by side.
const PORT = Number(process.env['E2E_PORT'] ?? 4187);
const executablePath = findChromium();

export default defineConfig({
  testDir: '.',
  outputDir: '../test-results',
  // Training on a software adapter is slow.
  timeout: 360_000,
  expect: { timeout: 30_000 },
  // Most of a test is one thread at a time, of the page or of its worker. Tests that measure time are tagged @alone, and
  // `npm test` runs them after the others.
  workers: 2,
  fullyParallel: false,
  forbidOnly: process.env['CI'] !== undefined,
  retries: 0,
  use: {
    // Waits for training have limits of their own; a missing control should fail soon.
    actionTimeout: 20_000,
    baseURL: `http://localhost:${PORT}/`,
    viewport: { width: 1280, height: 800 },
    // It keeps the whole page for offline use, in each test anew.
    serviceWorkers: 'block',
    // Recording a trace of every test, to keep those of the failed ones, makes them half as long again: `--trace on` does.
    screenshot: 'only-on-failure',
    launchOptions: {
      // A camera that shows a test picture, and that is allowed.
      args: [...chromiumArguments(), '--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'],
      // Without a path, Playwright takes the browser that it downloaded itself.
      ...(executablePath === undefined ? {} : { executablePath }),
    },
  },
  webServer: {
    command: `node ../scripts/start.mjs --no-open --port ${PORT}`,
    url: `http://localhost:${PORT}/`,
    reuseExistingServer: false,
    timeout: 180_000,
    stderr: 'pipe',
  },
});

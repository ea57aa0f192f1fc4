import { join } from 'node:path';
import { createServer, type Plugin, type ViteDevServer } from 'vite';
import type { Report } from '../bench/report.ts';
import type { SuiteOptions } from '../bench/suite.ts';
import { UserError } from '../lib/errors.ts';
import { launchChromium } from './chromium.ts';
import { ROOT } from '../../scripts/setup.mjs';

const PAGE = '/bench';
const HTML = `<!doctype html><title>bench</title><link rel="icon" href="data:,">
<script type="module" src="/src/bench/page.browser.ts"></script>`;

/** Runs the benchmarks in a headless Chromium, on a page that is not part of the build. */
export async function benchInBrowser(options: SuiteOptions, tell: (line: string) => void): Promise<Report> {
  const server = await serveBench();
  const browser = await launchChromium();
  try {
    const page = await browser.newPage();
    const failed = new Promise<never>((_, fail) => {
      page.on('crash', () => fail(new UserError('page/crashed', 'The page crashed, perhaps for lack of memory.')));
      page.on('pageerror', (error) => fail(new Error(`An error in the page: ${error.stack ?? error.message}`)));
    });
    await page.exposeFunction('slotconBenchTell', tell);
    const run = async (): Promise<Report> => {
      await page.goto(new URL(PAGE, server.resolvedUrls?.local[0]).href);
      await page.waitForFunction(() => 'slotconBench' in window);
      const outcome = await page.evaluate((given) => window.slotconBench(given), options);
      if ('report' in outcome) return outcome.report;
      throw new UserError(outcome.code, outcome.message);
    };
    return await Promise.race([failed, run()]);
  } finally {
    await browser.close();
    await server.close();
  }
}

async function serveBench(): Promise<ViteDevServer> {
  const page: Plugin = {
    name: 'bench-page',
    configureServer: ({ middlewares }) => {
      middlewares.use(PAGE, (_, response) => {
        response.setHeader('Content-Type', 'text/html');
        response.end(HTML);
      });
    },
  };
  const server = await createServer({
    root: ROOT,
    configFile: false,
    logLevel: 'error',
    appType: 'custom',
    cacheDir: join(ROOT, 'node_modules/.vite-bench'),
    plugins: [page],
    // The page is loaded once and must not reload while it measures.
    server: { hmr: false, ws: false, watch: null },
    // All packages are resolved before the page requests the first.
    optimizeDeps: { entries: ['src/bench/page.browser.ts'] },
  });
  return server.listen();
}

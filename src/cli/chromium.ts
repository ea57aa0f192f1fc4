import { chromium, type Browser, type BrowserContext, type LaunchOptions } from 'playwright';
import { errorMessage, UserError } from '../lib/errors.ts';
import { chromiumArguments, findChromium } from '../../scripts/machine.mjs';

/** Launches a headless Chromium with WebGPU. Ctrl+C is left to the command. */
export function launchChromium(): Promise<Browser> {
  return launched((options) => chromium.launch(options));
}

/** Launches it with a profile folder, which keeps the browser's storage for the next launch. */
export function launchProfile(profile: string): Promise<BrowserContext> {
  return launched((options) => chromium.launchPersistentContext(profile, options));
}

async function launched<Launched>(launch: (options: LaunchOptions) => Promise<Launched>): Promise<Launched> {
  const executablePath = findChromium();
  try {
    return await launch({
      args: chromiumArguments(),
      handleSIGINT: false,
      ...(executablePath === undefined ? {} : { executablePath }),
    });
  } catch (thrown) {
    const what = executablePath === undefined ? 'No Chromium was found' : `"${executablePath}" doesn't start`;
    const remedy = 'Install Chrome or Chromium, name one in CHROMIUM_PATH, or train with --in node.';
    throw new UserError('browser/missing', `${what} (${errorMessage(thrown).split('\n')[0]}). ${remedy}`);
  }
}

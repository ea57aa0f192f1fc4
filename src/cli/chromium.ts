import { chromium, type Browser } from 'playwright';
import { errorMessage, UserError } from '../lib/errors.ts';
import { chromiumArguments, findChromium } from './machine.mjs';

/** A headless Chromium that offers WebGPU. Ctrl+C is left to the command. */
export async function launchChromium(): Promise<Browser> {
  const executablePath = findChromium();
  try {
    return await chromium.launch({
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

/** `npm start`: builds the page if needed, serves it, prints the address, opens a browser where there is one. */
import { spawn } from 'node:child_process';
import { parseArgs } from 'node:util';

import { findCommand } from './machine.mjs';
import { setup } from './setup.mjs';
import { buildIfStale, serve } from './site.mjs';

const USAGE = 'Usage: npm start [-- --port N --no-open]';

function parseArguments() {
  try {
    const { values } = parseArgs({ options: { port: { type: 'string' }, 'no-open': { type: 'boolean' } } });
    const port = values.port === undefined ? undefined : Number(values.port);
    if (port !== undefined && !(Number.isInteger(port) && port > 0 && port < 65536)) {
      throw new Error(`--port "${values.port}" is not a port: 1 to 65535.`);
    }
    return { port, open: values['no-open'] !== true };
  } catch (error) {
    console.error(`${USAGE}\n\n${error instanceof Error ? error.message : String(error)}`);
    process.exit(2);
  }
}

/** @param {string} url */
function openBrowser(url) {
  const [command, ...args] =
    process.platform === 'darwin'
      ? ['open', url]
      : process.platform === 'win32'
        ? ['cmd', '/c', 'start', '', url]
        : ['xdg-open', url];
  const display = process.platform !== 'linux' || process.env['DISPLAY'] || process.env['WAYLAND_DISPLAY'];
  if (!display || (process.platform === 'linux' && findCommand(command) === undefined)) return;
  const child = spawn(command, args, { stdio: 'ignore', detached: true });
  // The address is printed, so a browser that doesn't open is not an error.
  child.on('error', () => {});
  child.unref();
}

const { port, open } = parseArguments();
await setup();
try {
  buildIfStale();
  const { url } = await serve(port === undefined ? {} : { port });
  console.log(`slotcon-tab is at ${url} (Ctrl+C stops it)`);
  if (open) openBrowser(url);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}

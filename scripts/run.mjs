/**
 * `npm run train|parity|…`: sets up, then runs `src/cli/<name>.ts` with its arguments, the Vulkan driver named in its
 * environment, and passes its exit code through.
 */
import { spawn } from 'node:child_process';
import { availableParallelism, constants } from 'node:os';

import { commandArguments } from './commands.mjs';
import { vulkanEnvironment } from './machine.mjs';
import { setup } from './setup.mjs';
import { buildIfStale } from './site.mjs';

const [name = '', ...args] = process.argv.slice(2);
if (!/^[a-z]+$/.test(name)) {
  console.error('Usage: node scripts/run.mjs COMMAND [ARGUMENTS]');
  process.exit(2);
}

const runsIn = (/** @type {string} */ where) => new RegExp(` --in[ =]${where}( |$)`).test(` ${args.join(' ')}`);
/** Commands that drive the real page. */
const page = name === 'shots' || name === 'endurance' || (name === 'train' && !runsIn('node'));
const browser = page || (name === 'bench' && runsIn('browser'));
/** Commands that turn one file into another. */
const files = name === 'import' || (name === 'export' && !args.some((arg) => arg.startsWith('--images')));
await setup({ browser, vulkan: !browser && !files, quiet: true });
/** @type {string[]} */
let command = [];
try {
  if (page) buildIfStale();
  command = await commandArguments(name);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}

// lavapipe gives each of its threads the same part of a kernel's work, one for a core by default. Of several, a core that is
// slower or busy does fewer.
const LP_NUM_THREADS = String(4 * availableParallelism());
const child = spawn(process.execPath, [...command, ...args], {
  stdio: 'inherit',
  env: { LP_NUM_THREADS, ...process.env, ...vulkanEnvironment() },
});
// Ctrl+C reaches the child by itself: wait until it has finished.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => child.kill('SIGTERM'));
child.on('exit', (code, signal) => {
  process.exit(code ?? 128 + (signal === null ? 0 : constants.signals[signal]));
});

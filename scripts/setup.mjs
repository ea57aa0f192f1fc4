/**
 * Installs what a fresh clone lacks: npm packages and, for tests and headless runs, browsers and a Vulkan driver. Plain
 * Node, because nothing is installed when it runs. Writes to stderr; stdout belongs to commands.
 *
 *   node scripts/setup.mjs [--browser] [--firefox] [--vulkan]
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import {
  findChromium,
  findCommand,
  findFirefox,
  hasGpu,
  HEADLESS_SHELL,
  softwareVulkan,
  vulkanEnvironment,
} from './machine.mjs';

export const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');
const MIN_NODE = [20, 19];

/**
 * Installs what is missing. Exits if packages can't be installed; reports a missing browser or driver, and the stage that
 * needs it fails later.
 * @param {{ browser?: boolean, firefox?: boolean, vulkan?: boolean, quiet?: boolean }} [options] quiet: silent unless something is missing
 */
export async function setup(options = {}) {
  verbose = options.quiet !== true;
  checkNode();
  installPackages();
  if (options.browser) await provideChromium();
  if (options.firefox) provideFirefox();
  if (options.vulkan) provideVulkan();
}

let verbose = true;

/** Reports what was found; not in quiet mode, unlike what is installed or missing. */
function found(/** @type {string} */ line) {
  if (verbose) say(line);
}

/** @param {string} line */
export function say(line) {
  process.stderr.write(`setup: ${line}\n`);
}

function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const [minMajor = 0, minMinor = 0] = MIN_NODE;
  if (major > minMajor || (major === minMajor && minor >= minMinor)) return;
  fail(`Node ${MIN_NODE.join('.')} or newer is needed, this is ${process.versions.node}: see https://nodejs.org`);
}

function installPackages() {
  if (packagesAreCurrent()) return;
  say('installing the npm packages (npm ci), a minute or two');
  const npm = process.env['npm_execpath'];
  const args = ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'];
  // npm is a .cmd file on Windows, which only a shell can start.
  const done =
    npm !== undefined && npm.endsWith('.js')
      ? spawnSync(process.execPath, [npm, ...args], { cwd: ROOT, stdio: ['ignore', 2, 2] })
      : spawnSync('npm', args, { cwd: ROOT, stdio: ['ignore', 2, 2], shell: process.platform === 'win32' });
  if (done.status !== 0) fail('npm ci failed (its reasons are above). Is the npm registry reachable?');
}

/** Compares with npm's record of what it installed by version: modification times are wrong after a checkout. */
function packagesAreCurrent() {
  const installedFile = join(ROOT, 'node_modules/.package-lock.json');
  if (!existsSync(installedFile)) return false;
  const wanted = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')).packages;
  const installed = JSON.parse(readFileSync(installedFile, 'utf8')).packages;
  return Object.entries(wanted).every(([path, { version, optional }]) => {
    const there = installed[path];
    // Optional packages are mostly binaries for other systems.
    return path === '' || (there === undefined ? optional === true : there.version === version);
  });
}

async function provideChromium() {
  const path = findChromium() ?? (await playwrightChromium());
  const wanted = hasGpu() ? 'chromium' : HEADLESS_SHELL;
  // Without a GPU also beside Debian's with windows, which comes from the same place.
  const isSlow = !hasGpu() && path === '/usr/bin/chromium' && process.env['CHROMIUM_PATH'] !== path;
  if (canApt() && (path === undefined || isSlow)) {
    say(`no ${wanted}: installing Debian’s (apt-get install ${wanted})`);
    if (apt(['install', wanted, 'fonts-liberation']) && findChromium() !== undefined) {
      return say(`Chromium: ${findChromium()}`);
    }
  }
  if (path !== undefined) return found(`Chromium: ${path}`);
  say('no Chromium: downloading Playwright’s (npx playwright install chromium)');
  const cli = join(ROOT, 'node_modules/playwright/cli.js');
  const done = spawnSync(process.execPath, [cli, 'install', 'chromium'], { cwd: ROOT, stdio: ['ignore', 2, 2] });
  if (done.status === 0) return say(`Chromium: ${await playwrightChromium()}`);
  return say('COULD NOT get a Chromium. Install Chrome or Chromium, or name one in CHROMIUM_PATH.');
}

/** Playwright's own download, if it is there. */
async function playwrightChromium() {
  const { chromium } = await import('playwright');
  const path = chromium.executablePath();
  return existsSync(path) ? path : undefined;
}

/** Firefox is for a test alone. */
function provideFirefox() {
  const path = findFirefox();
  if (path !== undefined) return found(`Firefox: ${path}`);
  if (canApt()) {
    say('no Firefox: installing Debian’s (apt-get install firefox-esr)');
    if (apt(['install', 'firefox-esr']) && findFirefox() !== undefined) return say(`Firefox: ${findFirefox()}`);
  }
  return say('no Firefox, so its test is skipped. Install one, or name one in FIREFOX_PATH.');
}

function provideVulkan() {
  if (process.platform !== 'linux') return;
  const chosen = vulkanEnvironment()['VK_DRIVER_FILES'];
  if (chosen === undefined && hasGpu() && hasLoader()) return found('Vulkan: the driver of this machine’s GPU');
  if (softwareVulkan()?.name !== 'lavapipe' && chosen === softwareVulkan()?.file && canApt()) installLavapipe();
  if (!hasLoader()) return say('COULD NOT get the Vulkan loader: install libvulkan1 (vulkan-loader). No GPU in Node.');
  const driver = vulkanEnvironment()['VK_DRIVER_FILES'];
  if (driver === undefined) return say('COULD NOT get a Vulkan driver: install mesa-vulkan-drivers. No GPU in Node.');
  const slow = softwareVulkan()?.name === 'SwiftShader' && driver === softwareVulkan()?.file;
  return found(
    `Vulkan: ${driver}${slow ? ' (slow; Mesa 24 or newer, mesa-vulkan-drivers, is about 8 times faster)' : ''}`,
  );
}

/** Mesa's software driver. Debian 12's own is too old for Dawn, its backports have a newer one. */
function installLavapipe() {
  const packages = ['mesa-vulkan-drivers', 'libvulkan1'];
  if (debianRelease() !== 'bookworm') {
    say('no Vulkan driver: installing Mesa’s (apt-get install mesa-vulkan-drivers)');
    apt(['install', ...packages]);
    return;
  }
  say('no Vulkan driver: installing Mesa’s from bookworm-backports');
  if (addBackports() && apt(['install', '-t', 'bookworm-backports', ...packages])) return;
  say('backports are not available: falling back to Chromium’s SwiftShader');
  apt(['install', 'libvulkan1']);
}

/** Adds backports as a copy of the machine's Debian source with another suite, which keeps mirrors and keys. */
function addBackports() {
  const own = '/etc/apt/sources.list.d/debian.sources';
  const ours = '/etc/apt/sources.list.d/backports.sources';
  if (existsSync(ours)) return true;
  if (!existsSync(own)) return false;
  const first = readFileSync(own, 'utf8').split(/\n\s*\n/)[0] ?? '';
  writeFileSync(ours, `${first.replace(/^Suites:.*/m, 'Suites: bookworm-backports').trimEnd()}\n`);
  updated = false;
  return true;
}

/** Whether the dynamic linker finds libvulkan. */
function hasLoader() {
  const cache = spawnSync('ldconfig', ['-p'], { encoding: 'utf8', env: { ...process.env, PATH: searchPath() } });
  return cache.status === 0 ? cache.stdout.includes('libvulkan.so.1') : true;
}

/** PATH with the folders of ldconfig and apt-get, which a plain user's may lack. */
function searchPath() {
  return `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin`;
}

function debianRelease() {
  const release = existsSync('/etc/os-release') ? readFileSync('/etc/os-release', 'utf8') : '';
  return /^VERSION_CODENAME=(.*)$/m.exec(release)?.[1];
}

function canApt() {
  // Ubuntu's chromium package is a stub for snap, which rarely works in containers: apt then fails with a message.
  return process.getuid?.() === 0 && findCommand('apt-get') !== undefined;
}

let updated = false;

/** @param {string[]} args */
function apt(args) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', PATH: searchPath() };
  const run = (/** @type {string[]} */ words) =>
    spawnSync('apt-get', ['-qq', '-y', '-o', 'DPkg::Lock::Timeout=120', ...words], { env, encoding: 'utf8' });
  if (!updated) run(['update']);
  updated = true;
  const done = run([...args, '--no-install-recommends']);
  if (done.status !== 0)
    say(`apt-get ${args.join(' ')} failed: ${done.stderr.trim().split('\n').slice(-3).join(' · ')}`);
  return done.status === 0;
}

/**
 * @param {string} line
 * @returns {never}
 */
function fail(line) {
  say(line);
  process.exit(1);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const args = process.argv.slice(2);
  await setup({
    browser: args.includes('--browser'),
    firefox: args.includes('--firefox'),
    vulkan: args.includes('--vulkan'),
  });
}

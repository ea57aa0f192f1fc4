/**
 * Finds a Chromium, a Firefox and a Vulkan driver on this machine; `setup.mjs` installs them. Plain Node without dependencies, as
 * setup runs before `node_modules` exists.
 */
import { accessSync, constants, existsSync, readdirSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { homedir } from 'node:os';

/** Mesa's software driver, the fastest one on a CPU. */
const LAVAPIPE = ['lvp_icd.json', 'lvp_icd.x86_64.json', 'lvp_icd.aarch64.json'].map((name) =>
  join('/usr/share/vulkan/icd.d', name),
);
/** SwiftShader from Chromium packages. */
const SWIFTSHADER = [
  '/usr/lib/chromium/vk_swiftshader_icd.json',
  '/usr/lib64/chromium-browser/vk_swiftshader_icd.json',
  '/usr/lib/chromium-browser/vk_swiftshader_icd.json',
  '/opt/google/chrome/vk_swiftshader_icd.json',
];
/** Debian's Chromium without windows: starting it and opening a page takes two thirds of the CPU time. */
export const HEADLESS_SHELL = 'chromium-headless-shell';
const CHROMIUM_NAMES = ['google-chrome', 'google-chrome-stable', 'chromium', 'chromium-browser'];
const MAC_CHROMES = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];
const FIREFOX_NAMES = ['firefox-esr', 'firefox'];
const MAC_FIREFOXES = ['/Applications/Firefox.app/Contents/MacOS/firefox'];

/**
 * The system's Chrome or Chromium, without windows where the CPU does everything; `CHROMIUM_PATH` overrides. Playwright's
 * own download is not searched here: its `chromium.executablePath()` knows, and leaving `executablePath` out of a launch
 * uses it.
 * @returns {string | undefined} its path
 */
export function findChromium() {
  const wanted = process.env['CHROMIUM_PATH'];
  if (wanted !== undefined && wanted !== '') return wanted;
  const names = [...(hasGpu() ? [] : [HEADLESS_SHELL]), ...CHROMIUM_NAMES];
  const inPath = names.map(findCommand).find((path) => path !== undefined);
  return inPath ?? MAC_CHROMES.find((path) => existsSync(path));
}

/**
 * The system's Firefox; `FIREFOX_PATH` overrides.
 * @returns {string | undefined} its path
 */
export function findFirefox() {
  const wanted = process.env['FIREFOX_PATH'];
  if (wanted !== undefined && wanted !== '') return wanted;
  const inPath = FIREFOX_NAMES.map(findCommand).find((path) => path !== undefined);
  return inPath ?? MAC_FIREFOXES.find((path) => existsSync(path));
}

/**
 * The full path of a command on the PATH.
 * @param {string} name
 * @returns {string | undefined}
 */
export function findCommand(name) {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  return folders.map((folder) => join(folder, name)).find(isExecutable);
}

/** @param {string} path */
function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * Environment in which Dawn in Node finds a Vulkan driver: lavapipe before SwiftShader; the loader's own choice where the
 * user chose one (`VK_DRIVER_FILES`) or a machine has a GPU of its own (`/dev/nvidia0`, `/dev/dri/renderD*`).
 * @returns {Record<string, string>} variables to add to the environment of a child process
 */
export function vulkanEnvironment() {
  if (process.platform !== 'linux') return {};
  // Mesa and the loader warn on every start without one.
  const runtime = process.env['XDG_RUNTIME_DIR'] ?? '/tmp';
  const chosen = process.env['VK_DRIVER_FILES'] ?? process.env['VK_ICD_FILENAMES'];
  const driver = chosen ?? (hasGpu() ? undefined : softwareVulkan()?.file);
  // Older loaders support only the second name.
  const files = driver === undefined ? {} : { VK_DRIVER_FILES: driver, VK_ICD_FILENAMES: driver };
  return { XDG_RUNTIME_DIR: runtime, ...files };
}

/**
 * The best software Vulkan driver that is installed.
 * @returns {{ name: 'lavapipe' | 'SwiftShader', file: string } | undefined}
 */
export function softwareVulkan() {
  const lavapipe = LAVAPIPE.find((file) => existsSync(file) && isRecent(file));
  if (lavapipe !== undefined) return { name: 'lavapipe', file: lavapipe };
  const swiftshader = SWIFTSHADER.find((file) => existsSync(file)) ?? playwrightSwiftshader();
  return swiftshader === undefined ? undefined : { name: 'SwiftShader', file: swiftshader };
}

/**
 * Mesa 22.3 (Vulkan 1.3.230) is refused by Dawn for lack of dynamic indexing of uniform arrays.
 * @param {string} file
 */
function isRecent(file) {
  const version = /"api_version"\s*:\s*"(\d+)\.(\d+)\.(\d+)"/.exec(readFileSync(file, 'utf8'));
  const [major = 0, minor = 0, patch = 0] = (version ?? []).slice(1).map(Number);
  return major * 1e6 + minor * 1e3 + patch > 1_003_230;
}

/**
 * Whether there is a hardware GPU with a driver: then the Vulkan loader chooses.
 * @returns {boolean}
 */
export function hasGpu() {
  const node = existsSync('/dev/nvidia0') || list('/dev/dri').some((name) => name.startsWith('renderD'));
  return node && ['/usr/share/vulkan/icd.d', '/etc/vulkan/icd.d'].some((folder) => list(folder).length > 0);
}

/** SwiftShader from Playwright's own Chromium. */
function playwrightSwiftshader() {
  const cache = process.env['PLAYWRIGHT_BROWSERS_PATH'] ?? join(homedir(), '.cache/ms-playwright');
  return list(cache)
    .filter((name) => name.startsWith('chromium-'))
    .flatMap((name) => ['chrome-linux', 'chrome-linux64'].map((folder) => join(cache, name, folder)))
    .map((folder) => join(folder, 'vk_swiftshader_icd.json'))
    .find((file) => existsSync(file));
}

/** @param {string} folder */
function list(folder) {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/**
 * Arguments that enable WebGPU in a headless Chromium, on SwiftShader where there is no hardware GPU.
 * @returns {string[]}
 */
export function chromiumArguments() {
  const quiet = ['--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run'];
  // Without a GPU, pages are drawn without OpenGL, which would be computed by the CPU as well.
  const onCpu = hasGpu() ? [] : ['--use-webgpu-adapter=swiftshader', '--disable-gpu-compositing'];
  const webgpu = ['--enable-unsafe-webgpu', ...onCpu];
  // Chromium's sandbox refuses to run as root (containers, CI).
  const root = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  // Chromium disables the GPU after three crashes of its process; tests crash it more often.
  const crashes = ['--disable-gpu-process-crash-limit', '--disable-domain-blocking-for-3d-apis'];
  return [...root, ...webgpu, ...crashes, '--disable-quic', ...quiet];
}

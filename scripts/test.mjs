/**
 * `npm test`: types, lint, formatting, import rules, structure, unit tests, GPU tests on wgpu, end-to-end tests. Every
 * stage runs, even after one that failed. The last line is `N passed, N failed, N skipped`, where a check counts as one
 * and tests count each.
 *
 *   node scripts/test.mjs [--no-e2e] [--only STAGE]…
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { vulkanEnvironment } from './machine.mjs';
import { ROOT, setup } from './setup.mjs';
import { buildIfStale } from './site.mjs';

/** @typedef {{ passed: number, failed: number, skipped: number }} Counts */

const reports = mkdtempSync(join(tmpdir(), 'slotcon-test-'));

/**
 * Commands of the checks of the code. Each check takes one core and no GPU, so they run side by side.
 * @type {Record<string, [tool: string, ...args: string[]][]>}
 */
const CHECKS = {
  types: ['', '.core', '.worker', '.page'].map((part) => ['tsc', '-p', `tsconfig${part}.json`]),
  lint: [['oxlint', '--deny-warnings', '--report-unused-disable-directives']],
  format: [['oxfmt', '--check']],
  imports: [['depcruise', '--config', '.dependency-cruiser.cjs', 'src']],
  structure: [['structure']],
};

/** @type {Record<string, () => Counts>} */
const TESTS = { unit: () => vitest('unit'), wgpu, e2e };

const STAGES = [...Object.keys(CHECKS), ...Object.keys(TESTS)];

const TOOLS = {
  oxlint: 'node_modules/oxlint/bin/oxlint',
  oxfmt: 'node_modules/oxfmt/bin/oxfmt',
  depcruise: 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs',
  structure: 'scripts/structure.mjs',
  tsc: 'node_modules/@typescript/native/bin/tsc',
  vitest: 'node_modules/vitest/vitest.mjs',
  playwright: 'node_modules/@playwright/test/cli.js',
};

/** Shows what a check wrote once it has ended. @param {string} name @returns {Promise<Counts>} */
async function check(name) {
  let [output, passed] = ['', true];
  for (const [tool, ...args] of CHECKS[name] ?? []) {
    const child = spawn(process.execPath, [toolFile(tool), ...args], { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text) => (output += text));
    const [status] = await once(child, 'close');
    passed &&= status === 0;
  }
  console.log(`\n── ${name}\n${output.trimEnd()}`);
  return { passed: passed ? 1 : 0, failed: passed ? 0 : 1, skipped: 0 };
}

function toolFile(/** @type {string} */ name) {
  return join(ROOT, TOOLS[/** @type {keyof typeof TOOLS} */ (name)]);
}

/** Runs a tool in Node, or whatever `runtime` starts, and shows its output; returns whether it exits with 0. */
function run(/** @type {string} */ tool, /** @type {string[]} */ args, env = {}, runtime = [process.execPath]) {
  const [command = '', ...flags] = runtime;
  const done = spawnSync(command, [...flags, toolFile(tool), ...args], {
    cwd: ROOT,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, ...vulkanEnvironment(), ...env },
  });
  return done.status === 0;
}

/** @param {string} stage @param {Record<string, string>} [env] @param {string[]} [runtime] @returns {Counts} */
function vitest(stage, env, runtime) {
  const file = join(reports, `${stage}.json`);
  const args = ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
  const passed = run('vitest', args, env, runtime);
  return count(passed, file, (report) => ({
    passed: report.numPassedTests,
    // A file that cannot even be loaded has no failing test of its own.
    failed:
      report.numFailedTests +
      report.testResults.filter((/** @type {any} */ result) => {
        return (
          result.status === 'failed' &&
          result.assertionResults.every((/** @type {any} */ test) => test.status !== 'failed')
        );
      }).length,
    skipped: report.numPendingTests + report.numTodoTests,
  }));
}

/** GPU tests on wgpu, the WebGPU of Deno and of Firefox, in place of Dawn. @returns {Counts} */
function wgpu() {
  const deno = startDeno();
  // What browsers compute on: on OpenGL, which wgpu takes where no driver is found, all of it lasts over ten minutes.
  const env = {
    DENO_WEBGPU_BACKEND: 'vulkan,metal,dx12',
    DENO_NO_UPDATE_CHECK: '1',
    // llvmpipe compiles for four lanes in less time than for eight; without subgroups the kernels are the same.
    LP_NATIVE_VECTOR_WIDTH: '128',
  };
  if (typeof deno === 'string') return vitest('wgpu', env, [deno, 'run', '--allow-all']);
  const required = process.env['REQUIRE_GPU'] === '1';
  console.error(`${required ? 'REQUIRE_GPU=1, but' : 'skipped:'} Deno can't start (${deno.message.split('\n')[0]})`);
  return { passed: 0, failed: required ? 1 : 0, skipped: required ? 0 : 1 };
}

/** Path of Deno's executable if it starts, else the reason why not. @returns {string | Error} */
function startDeno() {
  try {
    // What its postinstall script does; npm may leave those out.
    const path = createRequire(import.meta.url)('deno/install_api.cjs').runInstall();
    const { status, error, stderr } = spawnSync(path, ['--version'], { encoding: 'utf8' });
    return status === 0 ? path : (error ?? new Error(stderr.trim()));
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

/** @returns {Counts} */
function e2e() {
  buildIfStale();
  const together = playwright('together', ['--grep-invert', '@alone']);
  return sum(together, playwright('alone', ['--grep', '@alone', '--workers', '1']));
}

/** @param {string} name @param {string[]} chosen @returns {Counts} */
function playwright(name, chosen) {
  const file = join(reports, `${name}.json`);
  const args = ['test', '--config', 'e2e/playwright.config.ts', '--reporter=list,json', ...chosen];
  const passed = run('playwright', args, { PLAYWRIGHT_JSON_OUTPUT_NAME: file });
  return count(passed, file, ({ stats, errors }) => ({
    // Flaky ones passed at a second try.
    passed: stats.expected + stats.flaky,
    failed: stats.unexpected + errors.length,
    skipped: stats.skipped,
  }));
}

/** @param {Counts} a @param {Counts} b @returns {Counts} */
function sum(a, b) {
  return { passed: a.passed + b.passed, failed: a.failed + b.failed, skipped: a.skipped + b.skipped };
}

/**
 * Reads a tool's report; a tool that fails without a failing test counts as one failure.
 * @param {boolean} passed @param {string} file @param {(report: any) => Counts} read @returns {Counts}
 */
function count(passed, file, read) {
  let counts = { passed: 0, failed: 0, skipped: 0 };
  try {
    counts = read(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    console.error(`no report: ${error instanceof Error ? error.message : String(error)}`);
    return { ...counts, failed: 1 };
  }
  return passed ? counts : { ...counts, failed: Math.max(1, counts.failed) };
}

/** @param {string} message @returns {never} */
function usage(message) {
  console.error(`Usage: npm test [-- --no-e2e] [-- --only ${STAGES.join('|')}]\n\n${message}`);
  process.exit(2);
}

function chosenStages() {
  try {
    const options = /** @type {const} */ ({ 'no-e2e': { type: 'boolean' }, only: { type: 'string', multiple: true } });
    const { values } = parseArgs({ options });
    const only = values.only ?? STAGES;
    const unknown = only.find((name) => !STAGES.includes(name));
    if (unknown !== undefined) usage(`There is no stage "${unknown}".`);
    return only.filter((name) => name !== 'e2e' || values['no-e2e'] !== true);
  } catch (error) {
    usage(error instanceof Error ? error.message : String(error));
  }
}

/** Counts what a stage says, and how long it takes. @param {string} name @param {() => Counts | Promise<Counts>} work */
async function stage(name, work) {
  const began = performance.now();
  /** @type {Counts} */
  let counts;
  try {
    counts = await work();
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    counts = { passed: 0, failed: 1, skipped: 0 };
  }
  total = sum(total, counts);
  const seconds = Math.round((performance.now() - began) / 1000);
  const verdict = counts.failed === 0 ? 'ok' : `${counts.failed} failed`;
  console.log(`── ${name}: ${verdict} (${seconds} s)`);
}

const stages = chosenStages();
/** @type {Counts} */
let total = { passed: 0, failed: 0, skipped: 0 };
const startedAt = performance.now();
const e2eRuns = stages.includes('e2e');
await setup({
  browser: e2eRuns,
  firefox: e2eRuns,
  vulkan: ['unit', 'wgpu', 'e2e'].some((stage) => stages.includes(stage)),
});
await Promise.all(stages.filter((name) => name in CHECKS).map((name) => stage(name, () => check(name))));
for (const [name, test] of Object.entries(TESTS)) {
  if (!stages.includes(name)) continue;
  console.log(`\n── ${name}`);
  await stage(name, test);
}
rmSync(reports, { recursive: true, force: true });
console.log(`\nall stages took ${Math.round((performance.now() - startedAt) / 1000)} s`);
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exitCode = total.failed > 0 ? 1 : 0;

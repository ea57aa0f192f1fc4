/** Builds the commands of `src/cli/`, which Node then starts in a third of the time. Needs the npm packages: run setup first. */
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';

import { ROOT } from './setup.mjs';
import { isStale } from './site.mjs';

const BUILT = join(ROOT, 'node_modules/.cache/commands');
const SOURCES = ['src', 'scripts/commands.mjs', 'package.json', 'package-lock.json'];
const MONTH = 30 * 24 * 3600 * 1000;
const NOT_IN_COMMANDS = /\.test\.tsx?$|\.css$/;

/**
 * Arguments of Node that run a command, which is built first where its sources have changed. Rejects if that fails.
 * @param {string} name
 */
export async function commandArguments(name) {
  const built = join(BUILT, `${name}.mjs`);
  if (isStale(built, SOURCES, NOT_IN_COMMANDS)) await build();
  return ['--enable-source-maps', built];
}

/**
 * Scripts, which find the project from where they are, stay there.
 * @type {import('rolldown').Plugin}
 */
const SCRIPTS = {
  name: 'scripts',
  resolveId: (id, importer) =>
    importer !== undefined && /^\.[^]*\/scripts\/\w+\.mjs$/.test(id)
      ? { id: relative(BUILT, resolve(dirname(importer), id)).replaceAll(sep, '/'), external: true }
      : null,
};

async function build() {
  const rolldown = await import('rolldown');
  const { output } = await rolldown.build({
    input: commands().map((name) => join(ROOT, `src/cli/${name}.ts`)),
    platform: 'node',
    external: (id) => !id.startsWith('.') && !isAbsolute(id),
    plugins: [SCRIPTS],
    output: { dir: BUILT, sourcemap: true, entryFileNames: '[name].mjs', chunkFileNames: '[name]-[hash].mjs' },
    write: false,
    logLevel: 'warn',
  });
  mkdirSync(BUILT, { recursive: true });
  // Another chunk has another name, and the old one stays for a month: commands that run may yet load it.
  for (const path of readdirSync(BUILT).map((name) => join(BUILT, name))) {
    // Undefined where another build has just renamed it.
    const stat = statSync(path, { throwIfNoEntry: false });
    if (stat !== undefined && stat.mtimeMs < Date.now() - MONTH) rmSync(path, { force: true });
  }
  // Commands come last, for those that start now.
  const isCommand = (/** @type {typeof output[number]} */ file) => file.type === 'chunk' && file.isEntry;
  for (const file of [...output.filter((file) => !isCommand(file)), ...output.filter(isCommand)])
    writeWhole(join(BUILT, file.fileName), file.type === 'chunk' ? file.code : file.source);
}

/** What `npm run` runs by run.mjs. */
function commands() {
  const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  return Object.keys(scripts).filter((name) => scripts[name] === `node scripts/run.mjs ${name}`);
}

/** No process sees a part of it. @param {string} path @param {string | Uint8Array} content */
function writeWhole(path, content) {
  const written = `${path}.${process.pid}`;
  writeFileSync(written, content);
  renameSync(written, path);
}

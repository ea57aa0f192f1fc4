/**
 * Checks that files and folders stay small, and that an exported name has one meaning.
 *
 *   node scripts/structure.mjs
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const MAX_LINES = 250;
const MAX_FILES = 25;

/** Longer files, each with its reason. */
const LONG_FILES = {
  'src/ops/compiled/compiledEngine.gpu.test.ts': 'a table: every operation with the shapes it is tested at',
};
/**
 * Fuller folders, each with its reason.
 * @type {Record<string, string>}
 */
const FULL_FOLDERS = {};

/** Without *.d.mts, which declare the names of a script again. */
const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { cwd: ROOT })
  .toString()
  .split('\n')
  .filter((file) => /^(src|e2e|scripts|types)\//.test(file) && !file.endsWith('.d.mts'));

/** @param {string} file */
const read = (file) => readFileSync(join(ROOT, file), 'utf8');

function longFiles() {
  const code = files.filter((file) => /\.(tsx?|mjs|css)$/.test(file));
  const long = code.filter((file) => read(file).split('\n').length - 1 > MAX_LINES);
  return unexpected(long, LONG_FILES, `longer than ${MAX_LINES} lines`);
}

function fullFolders() {
  /** @type {Map<string, number>} */
  const counts = new Map();
  for (const file of files) counts.set(dirname(file), (counts.get(dirname(file)) ?? 0) + 1);
  const full = [...counts].filter(([, count]) => count > MAX_FILES).map(([folder]) => folder);
  return unexpected(full, FULL_FOLDERS, `more than ${MAX_FILES} files`);
}

/**
 * Those that are not listed, and those that are listed but need no exception any more.
 * @param {string[]} found @param {Record<string, string>} listed @param {string} problem
 */
function unexpected(found, listed, problem) {
  const stale = Object.keys(listed).filter((name) => !found.includes(name));
  return [
    ...found.filter((name) => !(name in listed)).map((name) => `${name}: ${problem}`),
    ...stale.map((name) => `${name}: listed in scripts/structure.mjs as an exception that it no longer needs`),
  ];
}

const EXPORT = /^export (?:declare |async |abstract )*(?:function\*?|const|let|class|interface|type|enum) (\w+)/gm;

function doubledNames() {
  /** @type {Map<string, Set<string>>} */
  const homes = new Map();
  for (const file of files.filter((one) => /\.(tsx?|mjs)$/.test(one) && !/\.(test|spec)\.tsx?$/.test(one))) {
    for (const [, name] of read(file).matchAll(EXPORT)) homes.set(name, (homes.get(name) ?? new Set()).add(file));
  }
  return [...homes]
    .filter(([, where]) => where.size > 1)
    .map(([name, where]) => `"${name}" is exported by ${[...where].join(' and ')}: give one of them another name`);
}

const problems = [...longFiles(), ...fullFolders(), ...doubledNames()];
for (const problem of problems) console.error(problem);
process.exitCode = problems.length > 0 ? 1 : 0;

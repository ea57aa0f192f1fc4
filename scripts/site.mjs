/** Builds and serves the page. Needs the npm packages: run setup first. */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

import { SECURITY_HEADERS } from './contentSecurityPolicy.mjs';
import { ROOT } from './setup.mjs';

const SOURCES = ['src', 'public', 'index.html', 'vite.config.ts', 'package-lock.json'];
const NOT_IN_THE_PAGE = /[\\/](bench|cli|testing)$|\.test\.tsx?$|\.node\.ts$/;

/** Builds the page if `dist/` is missing or older than its sources. Writes to stderr; throws if the build fails. */
export function buildIfStale() {
  const built = join(ROOT, 'dist/index.html');
  if (!isStale(built, SOURCES, NOT_IN_THE_PAGE)) return;
  process.stderr.write('building the page\n');
  const vite = join(ROOT, 'node_modules/vite/bin/vite.js');
  const done = spawnSync(process.execPath, [vite, 'build', '--logLevel', 'warn'], {
    cwd: ROOT,
    stdio: ['ignore', 2, 2],
  });
  if (done.status !== 0) throw new Error('The page could not be built (the reasons are above).');
}

/**
 * Whether a file is missing or older than the sources it is built from.
 * @param {string} built
 * @param {string[]} sources in the project's folder
 * @param {RegExp} leftOut paths that have no part in it
 */
export function isStale(built, sources, leftOut) {
  const paths = sources.map((name) => join(ROOT, name));
  return !existsSync(built) || newest(paths, leftOut) > statSync(built).mtimeMs;
}

/**
 * Latest modification time below the paths but those left out, in ms; that of a folder changes when a file is removed.
 * @param {string[]} paths
 * @param {RegExp} leftOut
 * @returns {number}
 */
function newest(paths, leftOut) {
  const times = paths
    .filter((path) => existsSync(path) && !leftOut.test(path))
    .map((path) => {
      const stat = statSync(path);
      const names = stat.isDirectory() ? readdirSync(path) : [];
      const inside = newest(
        names.map((name) => join(path, name)),
        leftOut,
      );
      return Math.max(stat.mtimeMs, inside);
    });
  return Math.max(0, ...times);
}

/**
 * Serves `dist/` on localhost (a secure context, which WebGPU needs).
 * @param {{ port?: number }} [options] without a port, the first free one from 4173
 * @returns {Promise<{ url: string, close: () => Promise<void> }>}
 */
export async function serve({ port } = {}) {
  const { preview } = await import('vite');
  const server = await preview({
    root: ROOT,
    logLevel: 'error',
    preview: { port: port ?? 4173, strictPort: port !== undefined, open: false, headers: SECURITY_HEADERS },
  });
  const url = server.resolvedUrls?.local[0];
  if (url === undefined) throw new Error('The server gave no address.');
  return { url, close: () => server.close() };
}

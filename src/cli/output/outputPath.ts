import { existsSync, mkdirSync, rmdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { errorMessage, UserError } from '../../lib/errors.ts';

/**
 * Makes a folder and those above it, and returns the new ones, the innermost last. Not with mkdir's `recursive`, which in
 * Node 20 never returns below /proc.
 */
export function makeFolder(path: string): readonly string[] {
  const missing: string[] = [];
  for (let folder = resolve(path); !existsSync(folder); folder = dirname(folder)) missing.unshift(folder);
  const made: string[] = [];
  try {
    for (const folder of missing) {
      mkdirSync(folder);
      made.push(folder);
    }
  } catch (thrown) {
    removeFolders(made);
    throw unwritable(path, thrown);
  }
  return made;
}

/** Throws `export/unwritable` unless files can be written to the folder, made if need be. Leaves nothing behind. */
export function checkFolder(path: string): void {
  const made = makeFolder(path);
  try {
    probe(join(path, '.slotcon-tab.new'));
  } catch (thrown) {
    throw unwritable(path, thrown);
  } finally {
    removeFolders(made);
  }
}

/** Throws `export/unwritable` unless the file can be written, `export/exists` where it may not be replaced. */
export function checkFile(path: string, overwrite: boolean): void {
  let kind: 'file' | 'folder' | undefined;
  try {
    kind = existsSync(path) ? (statSync(path).isDirectory() ? 'folder' : 'file') : undefined;
    if (kind === undefined || kind === 'file') probe(`${path}.new`);
  } catch (thrown) {
    throw unwritable(path, thrown);
  }
  if (kind === 'folder') throw unwritable(path, 'it is a folder; name a file');
  if (kind === 'file' && !overwrite) {
    throw new UserError(
      'export/exists',
      `"${path}" is there already. Name another file, or add --overwrite to replace it.`,
    );
  }
}

function probe(file: string): void {
  writeFileSync(file, '');
  rmSync(file);
}

function removeFolders(made: readonly string[]): void {
  for (const folder of made.toReversed()) rmdirSync(folder);
}

function unwritable(path: string, why: unknown): UserError {
  return new UserError('export/unwritable', `"${path}" can't be written: ${errorMessage(why)}`);
}

import { linkSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Writes `count` links to one file, spread over `folders` folders. Returns the bytes of all their paths. */
export function writeCopies(folder: string, count: number, folders: number, bytes: Uint8Array, ending: string): number {
  mkdirSync(folder);
  let pathBytes = 0;
  for (let index = 0; index < count; index++) {
    const album = `album-${String(index % folders).padStart(3, '0')}`;
    // One original per folder: a file can't have a hundred thousand links.
    const original = join(folder, '..', `${album}.${ending}`);
    if (index < folders) {
      mkdirSync(join(folder, album));
      writeFileSync(original, bytes);
    }
    const path = `${album}/picture-${String(index).padStart(6, '0')}.${ending}`;
    linkSync(original, join(folder, path));
    pathBytes += path.length;
  }
  return pathBytes;
}

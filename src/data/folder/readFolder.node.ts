import { open, readdir, realpath, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { errorMessage, UserError } from '../../lib/errors.ts';
import { createTemporaryOverflow } from '../workingCopies/overflow.node.ts';
import { createWorkingCopies } from '../workingCopies/workingCopies.ts';
import type { FileImage } from '../decode/decode.ts';
import { decodeBytes } from '../decode/decode.node.ts';
import { createFolderCensus } from './folderNotes.ts';
import { isHiddenName, isIgnoredPath, sortPaths } from './fileNames.ts';
import type { ImageSource, SkippedFile } from '../../domain/images.ts';
import type { Note } from '../../domain/note.ts';
import { isRefusal, unreadable } from '../decode/refusal.ts';
import { HEAD_BYTES, sniffFormat } from '../decode/sniff.ts';

/** Pixels kept in memory; further working copies go to the disk. */
const MEMORY_BYTES = 2 ** 30;
/** Files decoded at a time: enough to keep the decoder's threads busy. */
const CONCURRENCY = 4;

/** The images of a folder. */
export interface FolderImages {
  readonly source: ImageSource;
  readonly skipped: readonly SkippedFile[];
  readonly notes: readonly Note[];
  /** See `FolderCensus.different`. */
  readonly different: number;
}

/**
 * Reads all images below a folder as working copies, sorted by path, and lists skipped files with reasons. Throws a
 * UserError if the folder can't be read or holds no images.
 */
export async function readFolder(
  folder: string,
  workingSize: number,
  onProgress?: (done: number, total: number) => void,
  memoryBytes = MEMORY_BYTES,
): Promise<FolderImages> {
  const { files, problems } = await listFiles(folder);
  if (files.length + problems.length === 0) {
    throw new UserError('dataset/empty', `"${folder}" holds no images. Choose a folder with images in it.`);
  }
  const cache = createWorkingCopies(basename(resolve(folder)), { memoryBytes, openOverflow: createTemporaryOverflow });
  const census = createFolderCensus();
  const skipped = [...problems];
  for (let start = 0; start < files.length; start += CONCURRENCY) {
    const group = files.slice(start, start + CONCURRENCY);
    const take = async (file: { readonly path: string }): Promise<void> => {
      for await (const read of readImages(folder, file.path, workingSize)) {
        if ('skipped' in read) {
          skipped.push(read.skipped);
          continue;
        }
        census.add(read);
        const { path, bytes, date, dimensions } = read;
        await cache.add({ path, bytes, date, dimensions }, read.image);
      }
    };
    await Promise.all(group.map(take));
    onProgress?.(start + group.length, files.length);
  }
  return {
    source: await cache.asSource(),
    skipped: sortPaths(skipped),
    notes: census.notes(),
    different: census.different(),
  };
}

/** Reads the images of a file, with the number of its bytes and its date. */
async function* readImages(
  folder: string,
  path: string,
  workingSize: number,
): AsyncGenerator<FileImage & { readonly bytes: number; readonly date: number }> {
  let file: FileBytes | { readonly skipped: SkippedFile };
  try {
    file = await readBytes(join(folder, path), path);
  } catch (thrown) {
    file = { skipped: unreadable(path, thrown) };
  }
  if ('skipped' in file) {
    yield { ...file, bytes: 0, date: NaN };
    return;
  }
  const { bytes, date } = file;
  for await (const read of decodeBytes(bytes, path, { shorter: workingSize })) {
    yield { ...read, bytes: bytes.length, date };
  }
}

interface FileBytes {
  readonly bytes: Uint8Array;
  /** When it was changed last, in ms since 1970. */
  readonly date: number;
}

/** Bytes of a file; only its first ones where they tell that it is of no use. */
async function readBytes(file: string, path: string): Promise<FileBytes | { readonly skipped: SkippedFile }> {
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(new Uint8Array(HEAD_BYTES), 0, HEAD_BYTES, 0);
    const head = sniffFormat(buffer.subarray(0, bytesRead), path);
    if (isRefusal(head)) return { skipped: { path, ...head } };
    return { bytes: await handle.readFile(), date: (await handle.stat()).mtimeMs };
  } finally {
    await handle.close();
  }
}

/**
 * Lists paths below the folder that may be images, or are otherwise wanted, sorted. Follows links except in circles. Throws a UserError if the folder
 * can't be read.
 */
export async function listFiles(
  folder: string,
  isWanted: (path: string) => boolean = (path) => !isIgnoredPath(path),
): Promise<{ readonly files: readonly { readonly path: string }[]; readonly problems: readonly SkippedFile[] }> {
  const files: { path: string }[] = [];
  const problems: SkippedFile[] = [];
  const visit = async (path: string, above: readonly string[]): Promise<void> => {
    const real = await realpath(join(folder, path));
    if (above.includes(real)) return;
    for (const name of await readdir(real)) {
      const child = path === '' ? name : `${path}/${name}`;
      if (isHiddenName(name)) continue;
      try {
        const kind = await stat(join(folder, child));
        if (kind.isDirectory()) await visit(child, [...above, real]);
        else if (kind.isFile() && isWanted(child)) files.push({ path: child });
      } catch (thrown) {
        problems.push(unreadable(child, thrown));
      }
    }
  };
  try {
    await visit('', []);
  } catch (thrown) {
    const remedy = 'Check that it is a folder, its spelling and its permissions.';
    throw new UserError('dataset/unreadable', `"${folder}" can't be read (${errorMessage(thrown)}). ${remedy}`);
  }
  return { files: sortPaths(files), problems };
}

import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { errorMessage, UserError } from '../../lib/errors.ts';
import { listFiles } from '../folder/readFolder.node.ts';
import { isAnnotationsPath, maskFilesOf, mayBeMaskPath } from './maskFiles.ts';
import type { MaskBytes } from './maskSet.ts';

/** Files of a folder of masks, or a file of annotations. Throws a UserError if there are none. */
export async function findMaskFiles(path: string): Promise<MaskBytes[]> {
  const isFile = isAnnotationsPath(path) && (await stat(path).catch(() => undefined))?.isFile();
  if (isFile) return [{ path, read: () => bytesOf(path) }];
  const { files } = await listFiles(path, mayBeMaskPath);
  const paths = files.map((file) => file.path);
  return maskFilesOf(path, paths).map((file) => ({ path: file, read: () => bytesOf(join(path, file)) }));
}

async function bytesOf(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (thrown) {
    throw new UserError('mask/unreadable', `The mask "${path}" can't be read (${errorMessage(thrown)}).`);
  }
}

import { readFile } from 'node:fs/promises';
import { errorMessage, UserError } from '../../lib/errors.ts';
import { decodeMask, type Mask } from './mask.ts';

/** Reads a mask (see `decodeMask`). Throws a UserError naming the file. */
export async function readMask(path: string): Promise<Mask> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch (thrown) {
    throw new UserError('mask/unreadable', `The mask "${path}" can't be read (${errorMessage(thrown)}).`);
  }
  return decodeMask(bytes, path);
}

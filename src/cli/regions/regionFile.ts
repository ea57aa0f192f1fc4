import { open, type FileHandle } from 'node:fs/promises';
import { errorMessage, UserError } from '../../lib/errors.ts';
import type { RegionFile } from '../../regions/file/keepRegions.ts';

/** Opens a file of regions, made if need be. */
export async function openRegionFile(path: string): Promise<RegionFile & { close(): Promise<void> }> {
  const unwritable = (thrown: unknown): never => {
    throw new UserError('export/unwritable', `"${path}" can't be written: ${errorMessage(thrown)}`);
  };
  // Flag "a+" reads too, and makes what isn't there; every write goes to the end.
  const file: FileHandle = await open(path, 'a+').catch(unwritable);
  let { size } = await file.stat();
  return {
    get size() {
      return size;
    },
    read: async (at, length) => {
      const bytes = new Uint8Array(length);
      await file.read(bytes, 0, length, at);
      return bytes;
    },
    truncate: async (to) => {
      await file.truncate(to).catch(unwritable);
      size = to;
    },
    append: async (bytes) => {
      await file.appendFile(bytes).catch(unwritable);
      size += bytes.length;
    },
    close: () => file.close(),
  };
}

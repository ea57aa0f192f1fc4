import type { WorkerFile } from '../../data/workingCopies/overflow.browser.ts';

/** Name of a file that is being written, in the folder of the final one. */
const UNFINISHED = 'unfinished';
/** Written and compared at a time. */
const CHUNK_BYTES = 2 ** 20;

/**
 * Writes a file, or rejects and leaves what was there: it gets its name when it is complete and reads as it should. One at a
 * time in a folder; in workers only.
 */
export async function writeFile(root: FileSystemDirectoryHandle, path: readonly string[], source: Blob): Promise<void> {
  const [name, ...folders] = path.toReversed();
  let folder = root;
  for (const next of folders.reverse()) folder = await folder.getDirectoryHandle(next, { create: true });
  const file = (await folder.getFileHandle(UNFINISHED, { create: true })) as FileSystemFileHandle & WorkerFile;
  try {
    await fill(file, source);
    if (!(await isSame(await file.getFile(), source))) throw new Error('what was written reads as something else');
    await folder.removeEntry(name).catch(() => undefined);
    await file.move(folder, name);
  } catch (error) {
    await folder.removeEntry(UNFINISHED).catch(() => undefined);
    throw error;
  }
}

async function fill(file: WorkerFile, source: Blob): Promise<void> {
  const access = await file.createSyncAccessHandle();
  try {
    access.truncate(0);
    for (let at = 0; at < source.size; at += CHUNK_BYTES) {
      const bytes = await bytesOf(source, at);
      if (access.write(bytes, { at }) !== bytes.length) throw new Error('the quota of the storage is used up');
    }
    access.flush();
  } finally {
    access.close();
  }
}

async function isSame(a: Blob, b: Blob): Promise<boolean> {
  if (a.size !== b.size) return false;
  for (let at = 0; at < a.size; at += CHUNK_BYTES) {
    const [left, right] = await Promise.all([bytesOf(a, at), bytesOf(b, at)]);
    if (left.some((byte, index) => byte !== right[index])) return false;
  }
  return true;
}

async function bytesOf(source: Blob, at: number): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await source.slice(at, at + CHUNK_BYTES).arrayBuffer());
}

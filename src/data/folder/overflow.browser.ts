import type { Overflow } from './overflow.ts';

const FOLDER = 'working-copies';

/** TypeScript knows it in workers only. What was written stays when there is no room for more, unlike with a stream. */
interface WorkerFile {
  createSyncAccessHandle(): Promise<{ write(bytes: Uint8Array, options: { at: number }): number; close(): void }>;
}

/**
 * A file of the browser's own file system, for workers. It is locked by its name for as long as who opened it lives; those that nobody
 * holds any more, because a tab was closed or has crashed, are deleted when the next one is made.
 */
export async function createOverflowFile({
  storage,
  locks,
}: {
  storage: StorageManager;
  locks: LockManager;
}): Promise<Overflow> {
  const root = await storage.getDirectory();
  const folder = await root.getDirectoryHandle(FOLDER, { create: true });
  await deleteAbandoned(folder, locks);
  const name = crypto.randomUUID();
  const release = await lock(locks, name);
  const file = await folder.getFileHandle(name, { create: true });
  const access = await (file as unknown as WorkerFile).createSyncAccessHandle();
  let size = 0;
  return {
    append: async (bytes) => {
      const at = size;
      const written = access.write(bytes, { at });
      // On a full disk Chromium throws nothing and tells of some four billion bytes.
      if (written !== bytes.length) throw new Error(`there is no room for ${bytes.length} bytes`);
      size += written;
      return at;
    },
    finish: async () => {
      access.close();
      const whole = await file.getFile();
      return async (at, length) => new Uint8Array(await whole.slice(at, at + length).arrayBuffer());
    },
    discard: async () => {
      access.close();
      release();
      await folder.removeEntry(name);
    },
  };
}

/** Resolves when the lock is held. */
function lock(locks: LockManager, name: string): Promise<() => void> {
  return new Promise((held, failed) => {
    const whileHeld = () => new Promise<void>((release) => held(release));
    locks.request(`${FOLDER}/${name}`, whileHeld).catch(failed);
  });
}

async function deleteAbandoned(folder: FileSystemDirectoryHandle, locks: LockManager): Promise<void> {
  const { held = [] } = await locks.query();
  for await (const name of folder.keys()) {
    if (held.some((one) => one.name === `${FOLDER}/${name}`)) continue;
    // Another tab may be quicker.
    await folder.removeEntry(name).catch(() => undefined);
  }
}

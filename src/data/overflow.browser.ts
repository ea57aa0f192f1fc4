import type { Overflow } from './overflow.ts';

const FOLDER = 'working-copies';

/**
 * A file of the browser's own file system. It is locked by its name for as long as who opened it lives; those that nobody
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
  const stream = await file.createWritable();
  let size = 0;
  return {
    append: async (bytes) => {
      const at = size;
      size += bytes.length;
      // The stream writes in the order it is asked.
      await stream.write(bytes as Uint8Array<ArrayBuffer>);
      return at;
    },
    finish: async () => {
      await stream.close();
      const whole = await file.getFile();
      return async (at, length) => new Uint8Array(await whole.slice(at, at + length).arrayBuffer());
    },
    discard: async () => {
      await stream.abort().catch(() => undefined);
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

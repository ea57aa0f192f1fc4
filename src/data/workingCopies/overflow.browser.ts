import type { Overflow } from './overflow.ts';

const FOLDER = 'working-copies';

/**
 * What workers can do with a file of the origin private file system, in every browser that has one. TypeScript declares it
 * for workers only, and `move` not at all.
 */
export interface WorkerFile {
  /** Unlike a stream it keeps the written bytes if the disk fills up. */
  createSyncAccessHandle(): Promise<SyncAccess>;
  /** The only form that WebKit has; it rejects where there is a file of that name. */
  move(folder: FileSystemDirectoryHandle, name: string): Promise<void>;
}

export interface SyncAccess {
  /** Returns the number of bytes read. */
  read(into: Uint8Array, options: { at: number }): number;
  getSize(): number;
  /** Returns the number of bytes written; on a full disk Chromium throws nothing and returns some four billion. */
  write(bytes: Uint8Array, options: { at: number }): number;
  truncate(size: number): void;
  flush(): void;
  close(): void;
}

/**
 * Creates a file in the origin private file system; in workers only. A lock of its name is held while its owner lives. Files
 * without a lock, left by tabs that were closed or crashed, are deleted when the next one is created.
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
    append: (bytes) =>
      new Promise((resolve) => {
        const at = size;
        const written = access.write(bytes, { at });
        if (written !== bytes.length) throw new Error(`there is no room for ${bytes.length} bytes`);
        size += written;
        resolve(at);
      }),
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

/** Resolves when the lock is held, to a function that releases it. */
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
    // Another tab may have deleted it.
    await folder.removeEntry(name).catch(() => undefined);
  }
}

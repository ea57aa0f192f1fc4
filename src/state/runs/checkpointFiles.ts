/** A checkpoint as it lies in the storage. */
export interface StoredCheckpoint {
  readonly step: number;
  readonly source: Blob;
}

/**
 * The checkpoints of runs, as files of this browser's own file system: the latest of each run and the one before it.
 * Everything may reject: storage can be forbidden, full or broken.
 */
export interface CheckpointFiles {
  /** Writes it whole or rejects and leaves what was there. Those after it belong to steps that were taken back, and go. */
  put(runId: string, step: number, source: Blob): Promise<void>;
  /** The latest that can be read. */
  latest(runId: string): Promise<StoredCheckpoint | undefined>;
  /** Bytes of each run. */
  sizes(): Promise<ReadonlyMap<string, number>>;
  remove(runId: string): Promise<void>;
}

const FOLDER = 'checkpoints';
const KEPT = 2;
/** Compared at a time: some milliseconds of a thread that also draws. */
const PIECE_BYTES = 2 ** 20;

/** `root` is the browser's `navigator.storage.getDirectory`. */
export function createCheckpointFiles(root: () => Promise<FileSystemDirectoryHandle>): CheckpointFiles {
  const all = async (): Promise<FileSystemDirectoryHandle> =>
    (await root()).getDirectoryHandle(FOLDER, { create: true });

  const put: CheckpointFiles['put'] = async (runId, step, source) => {
    const folder = await (await all()).getDirectoryHandle(runId, { create: true });
    await write(folder, step, source);
    const steps = await stepsIn(folder);
    const others = steps.filter((other) => other > step).concat(steps.filter((other) => other <= step).slice(KEPT));
    for (const other of others) await folder.removeEntry(fileName(other));
  };
  const latest: CheckpointFiles['latest'] = async (runId) => {
    const folder = await orNone((await all()).getDirectoryHandle(runId));
    if (!folder) return undefined;
    const steps = await stepsIn(folder);
    for (const [index, step] of steps.entries()) {
      try {
        const source = await (await folder.getFileHandle(fileName(step))).getFile();
        await source.slice(0, 1).arrayBuffer();
        // Empty: the page went before it could be written.
        if (source.size > 0) return { step, source };
      } catch (error) {
        if (index === steps.length - 1) throw error;
      }
    }
    return undefined;
  };
  return {
    put,
    latest,
    sizes: async () => {
      const sizes = new Map<string, number>();
      for await (const folder of (await all()).values()) {
        if (folder.kind !== 'directory') continue;
        let bytes = 0;
        for await (const file of folder.values()) if (file.kind === 'file') bytes += (await file.getFile()).size;
        sizes.set(folder.name, bytes);
      }
      return sizes;
    },
    remove: async (runId) => {
      await orNone((await all()).removeEntry(runId, { recursive: true }));
    },
  };
}

const fileName = (step: number): string => `${step}.safetensors`;

/** Newest first. */
async function stepsIn(folder: FileSystemDirectoryHandle): Promise<number[]> {
  const steps: number[] = [];
  for await (const name of folder.keys()) steps.push(parseInt(name, 10));
  return steps.sort((a, b) => b - a);
}

/** What is written takes the place of the file when it is closed, not before; what can't be read back isn't kept. */
async function write(folder: FileSystemDirectoryHandle, step: number, source: Blob): Promise<void> {
  const before = await orNone(folder.getFileHandle(fileName(step)));
  const handle = before ?? (await folder.getFileHandle(fileName(step), { create: true }));
  let isReplaced = before === undefined;
  try {
    const writable = await handle.createWritable();
    try {
      await writable.write(source);
    } catch (error) {
      await writable.abort().catch(() => undefined);
      throw error;
    }
    await writable.close();
    isReplaced = true;
    if (!(await isSame(await handle.getFile(), source))) throw new Error('what was written reads as something else');
  } catch (error) {
    if (isReplaced) await folder.removeEntry(fileName(step)).catch(() => undefined);
    throw error;
  }
}

async function isSame(a: Blob, b: Blob): Promise<boolean> {
  if (a.size !== b.size) return false;
  for (let at = 0; at < a.size; at += PIECE_BYTES) {
    const [one, other] = await Promise.all([a, b].map((blob) => blob.slice(at, at + PIECE_BYTES).arrayBuffer()));
    const [left, right] = [new Uint8Array(one), new Uint8Array(other)];
    if (left.some((byte, index) => byte !== right[index])) return false;
  }
  return true;
}

/** What isn't there is undefined; any other error stays one. */
async function orNone<T>(found: Promise<T>): Promise<T | undefined> {
  try {
    return await found;
  } catch (error) {
    if (error instanceof DOMException && error.name === 'NotFoundError') return undefined;
    throw error;
  }
}

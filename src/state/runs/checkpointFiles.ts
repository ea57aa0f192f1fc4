import { REGIONS_FOLDER } from '../../domain/regions.ts';
import type { WriteFile } from '../platform/fileWriter.ts';

/** A checkpoint in the storage. */
export interface StoredCheckpoint {
  readonly step: number;
  readonly source: Blob;
}

/**
 * Checkpoints of runs as files of the origin private file system: the latest two of each run.
 * Everything may reject: storage can be forbidden, full or broken.
 */
export interface CheckpointFiles {
  /**
   * Writes the whole file, or rejects and leaves what was there. Removes checkpoints of later steps, which the run was
   * rolled back from.
   */
  put(runId: string, step: number, source: Blob): Promise<void>;
  /** The latest that can be read. */
  latest(runId: string): Promise<StoredCheckpoint | undefined>;
  /** Bytes per run id. */
  sizes(): Promise<ReadonlyMap<string, number>>;
  remove(runId: string): Promise<void>;
  /** Removes the regions of images that were found by a run's model. */
  removeRegions(runId: string): Promise<void>;
}

const FOLDER = 'checkpoints';
const MAX_PER_RUN = 2;

/** `root` is `navigator.storage.getDirectory`. */
export function createCheckpointFiles(
  root: () => Promise<FileSystemDirectoryHandle>,
  writeFile: WriteFile,
): CheckpointFiles {
  const checkpoints = async (): Promise<FileSystemDirectoryHandle> =>
    (await root()).getDirectoryHandle(FOLDER, { create: true });

  const put: CheckpointFiles['put'] = async (runId, step, source) => {
    await writeFile([FOLDER, runId, fileName(step)], source);
    const folder = await (await checkpoints()).getDirectoryHandle(runId);
    const steps = await stepsIn(folder);
    const later = steps.filter((other) => other > step);
    const outdated = steps.filter((other) => other <= step).slice(MAX_PER_RUN);
    for (const other of [...later, ...outdated]) await folder.removeEntry(fileName(other));
  };
  const latest: CheckpointFiles['latest'] = async (runId) => {
    const folder = await ifFound((await checkpoints()).getDirectoryHandle(runId));
    if (!folder) return undefined;
    const steps = await stepsIn(folder);
    for (const [index, step] of steps.entries()) {
      try {
        const source = await (await folder.getFileHandle(fileName(step))).getFile();
        await source.slice(0, 1).arrayBuffer();
        return { step, source };
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
      for await (const folder of (await checkpoints()).values()) {
        if (folder.kind !== 'directory') continue;
        let bytes = 0;
        for await (const file of folder.values()) if (file.kind === 'file') bytes += (await file.getFile()).size;
        sizes.set(folder.name, bytes);
      }
      return sizes;
    },
    remove: async (runId) => {
      await ifFound((await checkpoints()).removeEntry(runId, { recursive: true }));
    },
    removeRegions: async (runId) => {
      const regions = await ifFound((await root()).getDirectoryHandle(REGIONS_FOLDER));
      if (regions) await ifFound(regions.removeEntry(runId));
    },
  };
}

const ENDING = '.safetensors';
const fileName = (step: number): string => `${step}${ENDING}`;

/** Newest first. */
async function stepsIn(folder: FileSystemDirectoryHandle): Promise<number[]> {
  const steps: number[] = [];
  // Others are unfinished.
  for await (const name of folder.keys()) if (name.endsWith(ENDING)) steps.push(parseInt(name, 10));
  return steps.sort((a, b) => b - a);
}

/** Undefined where the entry doesn't exist; any other error is passed on. */
async function ifFound<T>(entry: Promise<T>): Promise<T | undefined> {
  try {
    return await entry;
  } catch (error) {
    if (error instanceof DOMException && error.name === 'NotFoundError') return undefined;
    throw error;
  }
}

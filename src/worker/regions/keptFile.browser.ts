import { REGIONS_FOLDER } from '../../domain/regions.ts';
import type { SyncAccess, WorkerFile } from '../../data/workingCopies/overflow.browser.ts';
import type { RegionFile } from '../../regions/file/keepRegions.ts';
import { bytesOfBlob } from './blobSource.ts';

/** A file of regions as it is written; `finish` closes it, and tells where it is. */
export interface KeptFile extends RegionFile {
  finish(): Promise<{ readonly source: Blob; readonly isKept: boolean }>;
}

/**
 * A file of this name in the origin private file system; in workers only. Where the storage is closed, or has no more room, what is
 * written is held in memory.
 */
export async function openKeptFile(root: () => Promise<FileSystemDirectoryHandle>, name: string): Promise<KeptFile> {
  try {
    const folder = await (await root()).getDirectoryHandle(REGIONS_FOLDER, { create: true });
    const handle = await folder.getFileHandle(name, { create: true });
    const access = await (handle as unknown as WorkerFile).createSyncAccessHandle();
    return fileOnDisk(handle, access);
  } catch {
    return fileInMemory();
  }
}

function fileOnDisk(handle: FileSystemFileHandle, access: SyncAccess): KeptFile {
  let size = access.getSize();
  /** What the disk has no room for. */
  let rest: KeptFile | undefined;
  return {
    get size() {
      return size;
    },
    read: (at, length) => {
      const bytes = new Uint8Array(length);
      access.read(bytes, { at });
      return Promise.resolve(bytes);
    },
    truncate: (to) => {
      access.truncate(to);
      size = to;
    },
    append: async (bytes) => {
      if (rest) return rest.append(bytes);
      if (isWritten(access, bytes, size)) {
        size += bytes.length;
        return undefined;
      }
      access.truncate(size);
      rest = fileInMemory();
      return rest.append(bytes);
    },
    finish: async () => {
      access.flush();
      access.close();
      const file = await handle.getFile();
      if (!rest) return { source: file, isKept: true };
      const { source } = await rest.finish();
      return { source: new Blob([file, source]), isKept: false };
    },
  };
}

/** False where the disk is full: Chromium then returns nonsense, others throw. */
function isWritten(access: SyncAccess, bytes: Uint8Array, at: number): boolean {
  try {
    return access.write(bytes, { at }) === bytes.length;
  } catch {
    return false;
  }
}

function fileInMemory(): KeptFile {
  let blob = new Blob();
  return {
    get size() {
      return blob.size;
    },
    read: (at, length) => bytesOfBlob(blob, at, length),
    truncate: (to) => void (blob = blob.slice(0, to)),
    append: (bytes) => void (blob = new Blob([blob, bytes])),
    finish: () => Promise.resolve({ source: blob, isKept: false }),
  };
}

import { createCheckpointFiles, type CheckpointFiles } from '../state/runs/checkpointFiles.ts';
import { writeFile } from '../worker/storage/writeFile.ts';

/** In-memory fake of a directory in the origin private file system. */
export interface MemoryDirectory {
  readonly handle: FileSystemDirectoryHandle;
  /** Faults: max bytes of a file, bytes lost at its end on close, and names of unreadable files. */
  readonly disk: { room: number; loses: number; unreadable: Set<string> };
}

type Bytes = Uint8Array<ArrayBuffer>;
type Content = Map<string, Content> | Bytes;

/** A created file is empty. A write beyond the room returns nonsense, as in Chromium; no move replaces a file, as in WebKit. */
export function memoryDirectory(): MemoryDirectory {
  const disk: MemoryDirectory['disk'] = { room: Infinity, loses: 0, unreadable: new Set() };
  const missing = (): DOMException =>
    new DOMException('A requested file or directory could not be found.', 'NotFoundError');

  const fileHandle = (name: string, folder: Map<string, Content>) => ({
    kind: 'file',
    name,
    getFile: async () => {
      if (disk.unreadable.has(name)) throw new DOMException('The file can’t be read.', 'NotReadableError');
      return new File([folder.get(name) as Bytes], name);
    },
    createSyncAccessHandle: async () => ({
      write: (bytes: Uint8Array<ArrayBuffer>, { at }: { at: number }) => {
        if (at + bytes.length > disk.room) return 2 ** 32 - 8;
        const all = new Uint8Array(at + bytes.length);
        all.set((folder.get(name) as Bytes).subarray(0, at));
        all.set(bytes, at);
        folder.set(name, all);
        return bytes.length;
      },
      read: (into: Uint8Array, { at }: { at: number }) => {
        const found = (folder.get(name) as Bytes).subarray(at, at + into.length);
        into.set(found);
        return found.length;
      },
      getSize: () => (folder.get(name) as Bytes).length,
      truncate: (size: number) => void folder.set(name, (folder.get(name) as Bytes).slice(0, size)),
      flush: () => undefined,
      close: () => {
        const whole = folder.get(name) as Bytes;
        folder.set(name, whole.slice(0, whole.length - disk.loses));
      },
    }),
    createWritable: async () => {
      const written: Blob[] = [];
      return {
        write: async (content: Blob) => {
          written.push(content);
          const bytes = new Uint8Array(await new Blob(written).arrayBuffer());
          if (bytes.length > disk.room) throw new DOMException('The disk is full.', 'QuotaExceededError');
          folder.set(name, bytes);
        },
        close: async () => undefined,
      };
    },
    // All files of a test that are moved stay in their folder.
    move: async (_: FileSystemDirectoryHandle, to: string) => {
      if (folder.has(to)) throw new DOMException('There is a file of that name.', 'UnknownError');
      folder.set(to, folder.get(name) as Bytes);
      folder.delete(name);
    },
  });
  const folderHandle = (name: string, folder: Map<string, Content>): unknown => {
    const child = (of: string, create: boolean | undefined, made: Content): Content => {
      const found = folder.get(of) ?? (create ? made : undefined);
      if (found === undefined) throw missing();
      folder.set(of, found);
      return found;
    };
    return {
      kind: 'directory',
      name,
      getDirectoryHandle: async (of: string, options?: { create?: boolean }) =>
        folderHandle(of, child(of, options?.create, new Map()) as Map<string, Content>),
      getFileHandle: async (of: string, options?: { create?: boolean }) => {
        child(of, options?.create, new Uint8Array());
        return fileHandle(of, folder);
      },
      removeEntry: async (of: string) => {
        if (!folder.delete(of)) throw missing();
      },
      keys: async function* () {
        yield* [...folder.keys()];
      },
      values: async function* () {
        for (const [of, content] of [...folder])
          yield content instanceof Map ? folderHandle(of, content) : fileHandle(of, folder);
      },
    };
  };
  return { handle: folderHandle('', new Map()) as FileSystemDirectoryHandle, disk };
}

/** Checkpoints of runs in such a directory, written without a worker. */
export function memoryCheckpoints(): MemoryDirectory & { readonly files: CheckpointFiles } {
  const { handle, disk } = memoryDirectory();
  const write = (path: readonly string[], source: Blob): Promise<void> => writeFile(handle, path, source);
  return { handle, disk, files: createCheckpointFiles(() => Promise.resolve(handle), write) };
}

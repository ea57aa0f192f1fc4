/** In-memory fake of a directory in the origin private file system. */
export interface MemoryDirectory {
  readonly handle: FileSystemDirectoryHandle;
  /** Faults: max bytes of a file, bytes lost at its end on close, and names of unreadable files. */
  readonly disk: { room: number; loses: number; unreadable: Set<string> };
}

type Content = Map<string, Content> | Blob;

/** Behaves like Chromium: written bytes appear in the file on close, and a created file is empty. */
export function memoryDirectory(): MemoryDirectory {
  const disk: MemoryDirectory['disk'] = { room: Infinity, loses: 0, unreadable: new Set() };
  const missing = (): DOMException =>
    new DOMException('A requested file or directory could not be found.', 'NotFoundError');

  const fileHandle = (name: string, folder: Map<string, Content>) => ({
    kind: 'file',
    name,
    getFile: async () => {
      if (disk.unreadable.has(name)) throw new DOMException('The file can’t be read.', 'NotReadableError');
      return new File([folder.get(name) as Blob], name);
    },
    createSyncAccessHandle: async () => ({
      write: (bytes: Uint8Array<ArrayBuffer>, { at }: { at: number }) => {
        if (at + bytes.length > disk.room) return 2 ** 32 - 8;
        folder.set(name, new Blob([(folder.get(name) as Blob).slice(0, at), bytes]));
        return bytes.length;
      },
      close: () => undefined,
    }),
    createWritable: async () => {
      let written = new Blob([]);
      return {
        write: async (source: Blob | Uint8Array<ArrayBuffer>) => {
          const whole = new Blob([written, source]);
          if (whole.size > disk.room) throw new DOMException('There is no room.', 'QuotaExceededError');
          written = whole.slice(0, whole.size - disk.loses);
        },
        close: async () => void folder.set(name, written),
        abort: async () => undefined,
      };
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
        child(of, options?.create, new Blob([]));
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

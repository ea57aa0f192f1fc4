// Not in TypeScript's DOM library.
interface HandleItem {
  getAsFileSystemHandle?(): Promise<FileSystemHandle | null>;
}

/** A file or folder, from a directory handle or a dropped entry. */
export type TreeNode = FileNode | FolderNode;

interface FileNode {
  readonly kind: 'file';
  readonly name: string;
  open(): Promise<File>;
}

export interface FolderNode {
  readonly kind: 'folder';
  readonly name: string;
  children(): AsyncIterable<{ readonly name: string; readonly folder?: FolderNode }>;
  open(name: string): Promise<File>;
  readonly handle?: FileSystemDirectoryHandle;
}

/**
 * Reads a dropped item, synchronously within the drop event. Prefers its entry to its handle: Chromium's handles leave
 * out files whose names hold `:`, `?`, a line break or a zero-width space.
 */
export function nodeOfItem(item: DataTransferItem): Promise<TreeNode | undefined> {
  const entry = item.webkitGetAsEntry();
  const file = item.getAsFile();
  const handle = (item as HandleItem).getAsFileSystemHandle?.().catch(() => null) ?? Promise.resolve(null);
  return handle.then((found) => {
    const known = found as FileSystemDirectoryHandle | FileSystemFileHandle | null;
    if (entry) return entryNode(entry, known?.kind === 'directory' ? known : undefined);
    if (known) return handleNode(known);
    return file ? { kind: 'file', name: file.name, open: () => Promise.resolve(file) } : undefined;
  });
}

export function handleNode(handle: FileSystemFileHandle): FileNode;
export function handleNode(handle: FileSystemDirectoryHandle): FolderNode;
export function handleNode(handle: FileSystemDirectoryHandle | FileSystemFileHandle): TreeNode;
export function handleNode(handle: FileSystemDirectoryHandle | FileSystemFileHandle): TreeNode {
  const { name } = handle;
  if (handle.kind === 'file') return { kind: 'file', name, open: () => handle.getFile() };
  const children: FolderNode['children'] = async function* () {
    for await (const child of handle.values()) {
      yield { name: child.name, ...(child.kind === 'directory' && { folder: handleNode(child) }) };
    }
  };
  const open = async (child: string): Promise<File> => (await handle.getFileHandle(child)).getFile();
  return { kind: 'folder', name, children, open, handle };
}

function entryNode(entry: FileSystemEntry, handle?: FileSystemDirectoryHandle): TreeNode {
  const { name } = entry;
  if (entry.isFile) return { kind: 'file', name, open: () => openEntry(entry as FileSystemFileEntry) };
  return entryFolder(entry as FileSystemDirectoryEntry, handle);
}

function entryFolder(folder: FileSystemDirectoryEntry, handle?: FileSystemDirectoryHandle): FolderNode {
  const children: FolderNode['children'] = async function* () {
    const reader = folder.createReader();
    for (;;) {
      // Chromium returns them in batches of a hundred; an empty batch ends the list.
      const batch = await new Promise<FileSystemEntry[]>((done, fail) => reader.readEntries(done, fail));
      if (batch.length === 0) return;
      for (const child of batch) {
        const below = child.isFile ? undefined : entryFolder(child as FileSystemDirectoryEntry);
        yield { name: child.name, ...(below && { folder: below }) };
      }
    }
  };
  const open = async (child: string): Promise<File> =>
    openEntry(
      await new Promise((done, fail) => folder.getFile(child, {}, (found) => done(found as FileSystemFileEntry), fail)),
    );
  return { kind: 'folder', name: folder.name, children, open, ...(handle && { handle }) };
}

function openEntry(entry: FileSystemFileEntry): Promise<File> {
  return new Promise((done, fail) => entry.file(done, fail));
}

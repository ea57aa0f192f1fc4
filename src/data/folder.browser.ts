import { errorMessage, UserError } from '../lib/errors.ts';
import { isHiddenName, isIgnoredPath, sortPaths } from './folder.ts';
import type { SkippedFile } from './image.ts';

export interface PickedFile {
  /** Below the folder, `/` between parts. */
  readonly path: string;
  readonly file: File;
}

/** What a person picked or dropped: files that may be pictures, sorted by path. Nothing has been read yet. */
export interface PickedFolder {
  readonly name: string;
  readonly files: readonly PickedFile[];
  /** Files and folders that couldn't be opened. */
  readonly problems: readonly SkippedFile[];
  /** For opening the same folder again on a later visit, where the browser gives one. */
  readonly handle?: FileSystemDirectoryHandle;
}

// Not in TypeScript's DOM library: Chromium has them, others only in part.
interface PickerWindow {
  showDirectoryPicker?(options: { id?: string; mode?: 'read' }): Promise<FileSystemDirectoryHandle>;
}
interface HandleItem {
  getAsFileSystemHandle?(): Promise<FileSystemHandle | null>;
}

/**
 * Asks for a folder; in a click handler only. The dialog begins where that of this `id` was last. `undefined` where the person changed their mind. Throws a UserError for a
 * folder that can't be read.
 */
export async function filesFromPicker(id: 'images' | 'masks'): Promise<PickedFolder | undefined> {
  const { showDirectoryPicker } = globalThis as PickerWindow;
  if (!showDirectoryPicker) {
    throw new UserError('dataset/no-picker', 'This browser has no folder picker. Drop the folder on the page instead.');
  }
  let handle: FileSystemDirectoryHandle;
  try {
    handle = await showDirectoryPicker.call(globalThis, { id, mode: 'read' });
  } catch (thrown) {
    if (thrown instanceof DOMException && thrown.name === 'AbortError') return undefined;
    throw unreadableFolder('The folder', thrown);
  }
  return filesFromHandle(handle);
}

/** Everything below a folder. Throws a UserError where the folder itself can't be read. */
export async function filesFromHandle(handle: FileSystemDirectoryHandle): Promise<PickedFolder> {
  return { ...(await collect([handleNode(handle)])), handle };
}

/** The files of an `<input type="file">`, with `webkitdirectory` or without. */
export function filesFromInput(files: FileList | readonly File[]): PickedFolder {
  const list = [...files];
  const root = list[0]?.webkitRelativePath.split('/')[0];
  const picked = list.map((file) => ({
    // The folder's own name is left out: a copy of it elsewhere, or in Node, is the same set of images.
    path: file.webkitRelativePath.split('/').slice(1).join('/') || file.name,
    file,
  }));
  return {
    name: root || looseName(list.map(({ name }) => name)),
    files: sortPaths(picked.filter(({ path }) => !isIgnoredPath(path))),
    problems: [],
  };
}

/**
 * What was dropped: a folder, several, or loose files. Call it within the drop event, which takes its data along when it
 * is over. Throws a UserError where the one thing dropped can't be read.
 */
export async function filesFromDrop(transfer: DataTransfer): Promise<PickedFolder> {
  const grabbed = [...transfer.items].filter(({ kind }) => kind === 'file').map(grab);
  const nodes = (await Promise.all(grabbed)).filter((node) => node !== undefined);
  return collect(nodes);
}

/** A file or folder, wherever it came from. */
type Node =
  | { readonly kind: 'file'; readonly name: string; open(): Promise<File> }
  | {
      readonly kind: 'folder';
      readonly name: string;
      children(): AsyncIterable<Node>;
      readonly handle?: FileSystemDirectoryHandle;
    };

/**
 * Takes hold of a dropped item at once, in all the ways there are. Entries are walked where there are some: Chromium's
 * handles leave out files whose names hold `:`, `?`, a line break or a zero-width space.
 */
function grab(item: DataTransferItem): Promise<Node | undefined> {
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

function handleNode(handle: FileSystemDirectoryHandle | FileSystemFileHandle): Node {
  const { name } = handle;
  if (handle.kind === 'file') return { kind: 'file', name, open: () => handle.getFile() };
  const children = async function* (): AsyncGenerator<Node> {
    for await (const child of handle.values()) yield handleNode(child);
  };
  return { kind: 'folder', name, children, handle };
}

function entryNode(entry: FileSystemEntry, handle?: FileSystemDirectoryHandle): Node {
  const { name } = entry;
  if (entry.isFile) {
    const open = () => new Promise<File>((done, fail) => (entry as FileSystemFileEntry).file(done, fail));
    return { kind: 'file', name, open };
  }
  const children = async function* (): AsyncGenerator<Node> {
    const reader = (entry as FileSystemDirectoryEntry).createReader();
    for (;;) {
      // Chromium hands them out by the hundred and says with an empty list that it is done.
      const batch = await new Promise<FileSystemEntry[]>((done, fail) => reader.readEntries(done, fail));
      if (batch.length === 0) return;
      for (const child of batch) yield entryNode(child);
    }
  };
  return { kind: 'folder', name, children, ...(handle && { handle }) };
}

/** Walks what was picked. The name of a single folder isn't part of the paths; those of several are. */
async function collect(roots: readonly Node[]): Promise<PickedFolder> {
  const files: PickedFile[] = [];
  const problems: SkippedFile[] = [];
  const visit = async (node: Node, path: string): Promise<void> => {
    if (node.kind === 'file') {
      if (!isIgnoredPath(path)) files.push({ path, file: await node.open() });
      return;
    }
    for await (const child of node.children()) {
      // Chromium gives names that aren't valid text as empty ones, and can't open them.
      if (child.name === '' || isHiddenName(child.name)) continue;
      const childPath = path === '' ? child.name : `${path}/${child.name}`;
      await visit(child, childPath).catch((thrown: unknown) => problems.push(unreadableFile(childPath, thrown)));
    }
  };
  const [only] = roots;
  const isOneFolder = roots.length === 1 && only.kind === 'folder';
  for (const root of roots) {
    try {
      await visit(root, isOneFolder ? '' : root.name);
    } catch (thrown) {
      if (roots.length === 1) throw unreadableFolder(`"${root.name}"`, thrown);
      problems.push(unreadableFile(root.name, thrown));
    }
  }
  const picked = { files: sortPaths(files), problems: sortPaths(problems) };
  if (!isOneFolder) return { name: looseName(roots.map(({ name }) => name)), ...picked };
  return { name: only.name, ...picked, ...(only.handle && { handle: only.handle }) };
}

/** What to call things that lie in no common folder. */
function looseName(names: readonly string[]): string {
  return names.length === 1 ? names[0] : `${names.length} items`;
}

function unreadableFile(path: string, thrown: unknown): SkippedFile {
  return { path, reason: 'unreadable', detail: `It can't be read (${errorMessage(thrown)}).` };
}

function unreadableFolder(what: string, thrown: unknown): UserError {
  const remedy = 'Check its permissions and that it still exists, or choose another folder.';
  return new UserError('dataset/unreadable', `${what} can't be read (${errorMessage(thrown)}). ${remedy}`);
}

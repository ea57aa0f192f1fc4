import { errorMessage, UserError } from '../../lib/errors.ts';
import { isHiddenName, isIgnoredPath } from './folder.ts';
import type { SkippedFile } from '../../domain/images.ts';
import { unreadable } from '../decode/refusal.ts';

/** What a person picked or dropped. A file is opened when it is asked for: of a hundred thousand only the paths are held. */
export interface PickedFolder {
  readonly name: string;
  /**
   * Walks it, hidden files and those that nobody means as pictures left out; call once. Throws a UserError where nothing
   * can be read at all.
   */
  list(): AsyncIterable<Found>;
  /** A file that was listed. Rejects where it can't be opened any more. */
  open(path: string): Promise<File>;
  /** For opening the same folder again on a later visit, where the browser gives one. */
  readonly handle?: FileSystemDirectoryHandle;
}

/** Some of what a folder holds, as it was come upon. */
export interface Found {
  /** Below the folder, `/` between parts. */
  readonly paths: readonly string[];
  /** Folders that couldn't be opened, and files that have no proper name. */
  readonly problems: readonly SkippedFile[];
}

/** At most so many paths at once, so that their reader can see to other things between. */
const PATHS_AT_ONCE = 250;

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
  return folderOf([handleNode(handle)]);
}

/** Everything below a folder. */
export function filesFromHandle(handle: FileSystemDirectoryHandle): PickedFolder {
  return folderOf([handleNode(handle)]);
}

/** The files of an `<input type="file">`, with `webkitdirectory` or without. */
export function filesFromInput(chosen: FileList | readonly File[]): PickedFolder {
  // An input's own list is emptied when it is used again.
  const files = [...chosen];
  const root = files[0]?.webkitRelativePath.split('/')[0];
  const places = new Map<string, number>();
  const list = async function* (): AsyncGenerator<Found> {
    for (let from = 0; from < files.length; from += PATHS_AT_ONCE) {
      const paths: string[] = [];
      for (let place = from; place < Math.min(files.length, from + PATHS_AT_ONCE); place++) {
        const { webkitRelativePath, name } = files[place];
        // The folder's own name is left out: a copy of it elsewhere, or in Node, is the same set of images.
        const path = webkitRelativePath.split('/').slice(1).join('/') || name;
        if (isIgnoredPath(path)) continue;
        places.set(path, place);
        paths.push(path);
      }
      yield { paths, problems: [] };
    }
  };
  const open = async (path: string): Promise<File> => files[places.get(path) ?? -1] ?? unlisted(path);
  return { name: root || looseName(files[0]?.name, files.length), list, open };
}

/** What was dropped: a folder, several, or loose files. Call it within the drop event, which takes its data along. */
export async function filesFromDrop(transfer: DataTransfer): Promise<PickedFolder> {
  const grabbed = [...transfer.items].filter(({ kind }) => kind === 'file').map(grab);
  return folderOf((await Promise.all(grabbed)).filter((node) => node !== undefined));
}

/** A file or folder, wherever it came from. */
type Node = FileNode | FolderNode;

interface FileNode {
  readonly kind: 'file';
  readonly name: string;
  open(): Promise<File>;
}

interface FolderNode {
  readonly kind: 'folder';
  readonly name: string;
  children(): AsyncIterable<{ readonly name: string; readonly folder?: FolderNode }>;
  open(name: string): Promise<File>;
  readonly handle?: FileSystemDirectoryHandle;
}

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

function handleNode(handle: FileSystemFileHandle): FileNode;
function handleNode(handle: FileSystemDirectoryHandle): FolderNode;
function handleNode(handle: FileSystemDirectoryHandle | FileSystemFileHandle): Node;
function handleNode(handle: FileSystemDirectoryHandle | FileSystemFileHandle): Node {
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

function entryNode(entry: FileSystemEntry, handle?: FileSystemDirectoryHandle): Node {
  const { name } = entry;
  if (entry.isFile) return { kind: 'file', name, open: () => openEntry(entry as FileSystemFileEntry) };
  return entryFolder(entry as FileSystemDirectoryEntry, handle);
}

function entryFolder(folder: FileSystemDirectoryEntry, handle?: FileSystemDirectoryHandle): FolderNode {
  const children: FolderNode['children'] = async function* () {
    const reader = folder.createReader();
    for (;;) {
      // Chromium hands them out by the hundred and says with an empty list that it is done.
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

/** The name of a single folder isn't part of the paths; those of several things are, each a different one. */
function folderOf(dropped: readonly Node[]): PickedFolder {
  const [only] = dropped;
  const isOneFolder = dropped.length === 1 && only.kind === 'folder';
  const roots = new Map<string, Node>();
  if (isOneFolder) roots.set('', only);
  else for (const node of dropped) roots.set(distinctName(node.name, roots), node);
  const folders = new Map<string, FolderNode>();
  const open = (path: string): Promise<File> => {
    const root = roots.get(path);
    if (root?.kind === 'file') return root.open();
    const cut = path.lastIndexOf('/');
    return folders.get(path.slice(0, Math.max(0, cut)))?.open(path.slice(cut + 1)) ?? unlisted(path);
  };
  return {
    name: isOneFolder ? only.name : looseName(dropped[0]?.name, dropped.length),
    list: () => walk(roots, folders),
    open,
    ...(isOneFolder && only.handle && { handle: only.handle }),
  };
}

/** Notes in `folders` what is where. */
async function* walk(roots: ReadonlyMap<string, Node>, folders: Map<string, FolderNode>): AsyncGenerator<Found> {
  let found = nothing();
  const waiting: { readonly path: string; readonly folder: FolderNode }[] = [];
  for (const [path, root] of roots) {
    if (isHiddenName(root.name)) continue;
    if (root.kind === 'folder') waiting.unshift({ path, folder: root });
    else if (!isIgnoredPath(root.name)) found.paths.push(path);
  }
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { path, folder } = next;
    folders.set(path, folder);
    try {
      for await (const { name, folder: below } of folder.children()) {
        // Chromium gives names that aren't valid text as empty ones, and can't open them.
        if (name === '' || isHiddenName(name)) continue;
        const childPath = path === '' ? name : `${path}/${name}`;
        if (below) waiting.push({ path: childPath, folder: below });
        else if (!isIgnoredPath(name)) found.paths.push(childPath);
        if (found.paths.length < PATHS_AT_ONCE) continue;
        yield found;
        found = nothing();
      }
    } catch (thrown) {
      if (roots.size === 1 && roots.get(path) === folder) throw unreadableFolder(`"${folder.name}"`, thrown);
      found.problems.push(unreadable(path, thrown));
    }
  }
  if (found.paths.length + found.problems.length > 0) yield found;
}

function nothing(): { readonly paths: string[]; readonly problems: SkippedFile[] } {
  return { paths: [], problems: [] };
}

function distinctName(name: string, taken: ReadonlyMap<string, unknown>): string {
  let distinct = name;
  for (let copy = 2; taken.has(distinct); copy++) distinct = `${name} (${copy})`;
  return distinct;
}

/** What to call things that lie in no common folder. */
function looseName(first: string | undefined, count: number): string {
  return count === 1 && first !== undefined ? first : `${count} items`;
}

function unlisted(path: string): Promise<never> {
  return Promise.reject(new Error(`"${path}" was not listed`));
}

function unreadableFolder(what: string, thrown: unknown): UserError {
  const remedy = 'Check its permissions and that it still exists, or choose another folder.';
  return new UserError('dataset/unreadable', `${what} can't be read (${errorMessage(thrown)}). ${remedy}`);
}

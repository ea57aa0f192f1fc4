import { errorMessage, UserError } from '../../lib/errors.ts';
import { handleNode, nodeOfItem, type FolderNode, type TreeNode } from './fileTree.browser.ts';
import { isHiddenName, isIgnoredPath } from './fileNames.ts';
import type { SkippedFile } from '../../domain/images.ts';
import { unreadable } from '../decode/refusal.ts';

/** A folder or files that the user picked or dropped. Holds paths only; files are opened on demand. */
export interface PickedFolder {
  readonly name: string;
  /**
   * Lists its files without hidden ones and those that aren't wanted by their names; call once. Throws a UserError if the
   * folder itself can't be read.
   */
  list(): AsyncIterable<Found> | Iterable<Found>;
  /** Opens a listed file. Rejects if it can no longer be read. */
  open(path: string): Promise<File>;
  /** For opening the same folder on a later visit, if the browser supports it. */
  readonly handle?: FileSystemDirectoryHandle;
}

/** One batch of a folder's files, in the order of the walk. */
export interface Found {
  /** Relative to the folder, `/` between parts. */
  readonly paths: readonly string[];
  /** Folders that couldn't be opened, and files without a valid name. */
  readonly problems: readonly SkippedFile[];
}

/** Whether to list a file of this path; files of images are, unless another kind is wanted. */
type IsWanted = (path: string) => boolean;
const mayBeImage: IsWanted = (path) => !isIgnoredPath(path);

/** Max paths per batch, so that the reader can yield to other tasks between batches. */
const PATHS_AT_ONCE = 250;

// Not in TypeScript's DOM library.
interface PickerWindow {
  showDirectoryPicker?(options: { id?: string; mode?: 'read' }): Promise<FileSystemDirectoryHandle>;
}

/**
 * Shows the folder picker, which starts where the last one of this `id` ended; only in a click handler. Returns undefined
 * if the user cancels. Throws a UserError if the folder can't be read.
 */
export async function filesFromPicker(id: 'images' | 'masks', isWanted?: IsWanted): Promise<PickedFolder | undefined> {
  const page = globalThis as PickerWindow;
  if (!page.showDirectoryPicker) {
    throw new UserError('dataset/no-picker', 'This browser has no folder picker. Drop the folder on the page instead.');
  }
  let handle: FileSystemDirectoryHandle;
  try {
    handle = await page.showDirectoryPicker({ id, mode: 'read' });
  } catch (thrown) {
    if (thrown instanceof DOMException && thrown.name === 'AbortError') return undefined;
    throw unreadableFolder('The folder', thrown);
  }
  return folderOf([handleNode(handle)], isWanted);
}

/** All files below a folder. */
export function filesFromHandle(handle: FileSystemDirectoryHandle): PickedFolder {
  return folderOf([handleNode(handle)]);
}

/** Files of an `<input type="file">`, with or without `webkitdirectory`. */
export function filesFromInput(chosen: FileList | readonly File[], isWanted = mayBeImage): PickedFolder {
  // The input empties its list when it is used again.
  const files = [...chosen];
  const root = files[0]?.webkitRelativePath.split('/')[0];
  const places = new Map<string, number>();
  const list = function* (): Generator<Found> {
    for (let from = 0; from < files.length; from += PATHS_AT_ONCE) {
      const paths: string[] = [];
      for (let place = from; place < Math.min(files.length, from + PATHS_AT_ONCE); place++) {
        const { webkitRelativePath, name } = files[place];
        // The folder's own name is left out: a copy of it elsewhere, or in TreeNode, is the same set of images.
        const path = webkitRelativePath.split('/').slice(1).join('/') || name;
        if (!isWanted(path)) continue;
        places.set(path, place);
        paths.push(path);
      }
      yield { paths, problems: [] };
    }
  };
  const open = (path: string): Promise<File> => {
    const place = places.get(path);
    return place === undefined ? unlisted(path) : Promise.resolve(files[place]);
  };
  return { name: root || looseName(files[0]?.name, files.length), list, open };
}

/** Dropped folders or files. Call within the drop event: its data is gone afterwards. */
export async function filesFromDrop(transfer: DataTransfer, isWanted?: IsWanted): Promise<PickedFolder> {
  const grabbed = [...transfer.items].filter(({ kind }) => kind === 'file').map(nodeOfItem);
  return folderOf(
    (await Promise.all(grabbed)).filter((node) => node !== undefined),
    isWanted,
  );
}

/** Paths leave out the name of a single folder, and begin with the distinct names of several items. */
function folderOf(dropped: readonly TreeNode[], isWanted = mayBeImage): PickedFolder {
  const [only] = dropped;
  const isOneFolder = dropped.length === 1 && only.kind === 'folder';
  const roots = new Map<string, TreeNode>();
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
    list: () => walk(roots, folders, isWanted),
    open,
    ...(isOneFolder && only.handle && { handle: only.handle }),
  };
}

/** Yields batches of files; also fills `folders` with every folder by its path. */
async function* walk(
  roots: ReadonlyMap<string, TreeNode>,
  folders: Map<string, FolderNode>,
  isWanted: IsWanted,
): AsyncGenerator<Found> {
  let found = nothing();
  const waiting: { readonly path: string; readonly folder: FolderNode }[] = [];
  for (const [path, root] of roots) {
    if (isHiddenName(root.name)) continue;
    if (root.kind === 'folder') waiting.unshift({ path, folder: root });
    else if (isWanted(root.name)) found.paths.push(path);
  }
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { path, folder } = next;
    folders.set(path, folder);
    try {
      for await (const { name, folder: below } of folder.children()) {
        // Chromium returns empty names for names that aren't valid text, and can't open them.
        if (name === '' || isHiddenName(name)) continue;
        const childPath = path === '' ? name : `${path}/${name}`;
        if (below) waiting.push({ path: childPath, folder: below });
        else if (isWanted(name)) found.paths.push(childPath);
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

/** Name of items without a common folder. */
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

import { expect, it } from 'vitest';
import { filesFromDrop, filesFromHandle, filesFromInput, type PickedFolder } from './folder.browser.ts';

const file = (name: string, webkitRelativePath = ''): File =>
  Object.assign(new File(['x'], name), { webkitRelativePath });
const paths = ({ files }: PickedFolder): string[] => files.map(({ path }) => path);

it('names a folder input by its folder and leaves that name out of the paths', () => {
  const picked = filesFromInput([
    file('b.jpg', 'Holiday/sub/b.jpg'),
    file('a.jpg', 'Holiday/a.jpg'),
    file('._a.jpg', 'Holiday/._a.jpg'),
    file('x.jpg', 'Holiday/__MACOSX/x.jpg'),
    file('notes.txt', 'Holiday/notes.txt'),
  ]);
  expect(picked.name).toBe('Holiday');
  expect(paths(picked)).toEqual(['a.jpg', 'sub/b.jpg']);
});

it('takes loose files and none at all', () => {
  const loose = filesFromInput([file('b.jpg'), file('a.jpg')]);
  expect([loose.name, ...paths(loose)]).toEqual(['2 items', 'a.jpg', 'b.jpg']);
  expect(filesFromInput([]).files).toEqual([]);
});

/** A folder as the File System Access API gives it: names with an object are folders, with an error unreadable. */
type Tree = { readonly [name: string]: Tree | Error | null };
function handle(name: string, tree: Tree): FileSystemDirectoryHandle {
  const values = async function* () {
    for (const [child, content] of Object.entries(tree)) {
      if (content && !(content instanceof Error)) yield handle(child, content);
      else
        yield {
          kind: 'file',
          name: child,
          getFile: () => (content ? Promise.reject(content) : Promise.resolve(file(child))),
        };
    }
  };
  return { kind: 'directory', name, values } as unknown as FileSystemDirectoryHandle;
}

/** The same as entries of a drop, whose reader hands out a hundred at a time. */
function entry(name: string, tree: Tree | Error | null): FileSystemEntry {
  if (!tree || tree instanceof Error) {
    const open = (done: (found: File) => void, fail: (error: Error) => void) => (tree ? fail(tree) : done(file(name)));
    return { isFile: true, name, file: open } as unknown as FileSystemEntry;
  }
  const left = Object.entries(tree).map(([child, content]) => entry(child, content));
  const createReader = () => ({ readEntries: (done: (batch: FileSystemEntry[]) => void) => done(left.splice(0, 100)) });
  return { isFile: false, name, createReader } as unknown as FileSystemEntry;
}

const drop = (...entries: FileSystemEntry[]): DataTransfer =>
  ({
    items: entries.map((found) => ({ kind: 'file', webkitGetAsEntry: () => found, getAsFile: () => null })),
  }) as unknown as DataTransfer;

const TREE: Tree = {
  z: { 'b.jpg': null, '.git': { 'a.jpg': null } },
  'a.jpg': null,
  'locked.jpg': new Error('permission denied'),
  'readme.md': null,
};
const LOCKED = [{ path: 'locked.jpg', reason: 'unreadable', detail: "It can't be read (permission denied)." }];

it('walks a folder handle and keeps it', async () => {
  const root = handle('pics', TREE);
  const picked = await filesFromHandle(root);
  expect(paths(picked)).toEqual(['a.jpg', 'z/b.jpg']);
  expect(picked).toMatchObject({ name: 'pics', problems: LOCKED });
  expect(picked.handle).toBe(root);
});

it('walks a dropped folder, more than one batch of it', async () => {
  const many = Object.fromEntries(Array.from({ length: 250 }, (_, index) => [`${index}.jpg`, null]));
  const picked = await filesFromDrop(drop(entry('pics', { ...TREE, many })));
  expect(picked).toMatchObject({ name: 'pics', problems: LOCKED });
  expect(picked.files).toHaveLength(252);
  expect(paths(picked)[1]).toBe('many/0.jpg');
});

it('keeps several dropped things apart by their names', async () => {
  const picked = await filesFromDrop(
    drop(entry('one', { 'a.jpg': null }), entry('two', { 'a.jpg': null }), entry('c.jpg', null)),
  );
  expect(picked.name).toBe('3 items');
  expect(paths(picked)).toEqual(['c.jpg', 'one/a.jpg', 'two/a.jpg']);
});

it('says that a folder cannot be read', async () => {
  const broken = handle('gone', {});
  broken.values = () => {
    throw new Error('not found');
  };
  await expect(filesFromHandle(broken)).rejects.toMatchObject({
    code: 'dataset/unreadable',
    message: expect.stringMatching(/^"gone" can't be read \(not found\)/),
  });
});

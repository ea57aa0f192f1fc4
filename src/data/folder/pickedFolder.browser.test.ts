import { expect, it } from 'vitest';
import { filesFromDrop, filesFromHandle, filesFromInput, type PickedFolder } from './pickedFolder.browser.ts';
import type { SkippedFile } from '../../domain/images.ts';

const file = (name: string, webkitRelativePath = '', content = name): File =>
  Object.assign(new File([content], name), { webkitRelativePath });
async function walked(folder: PickedFolder): Promise<{ paths: string[]; problems: SkippedFile[] }> {
  const all = { paths: [] as string[], problems: [] as SkippedFile[] };
  for await (const { paths, problems } of folder.list()) {
    all.paths.push(...paths);
    all.problems.push(...problems);
  }
  return { ...all, paths: all.paths.sort() };
}
const content = async (folder: PickedFolder, path: string): Promise<string> => (await folder.open(path)).text();

it('names a folder input by its folder and omits that name from the paths', async () => {
  const picked = filesFromInput([
    file('b.jpg', 'Holiday/sub/b.jpg'),
    file('a.jpg', 'Holiday/a.jpg'),
    file('._a.jpg', 'Holiday/._a.jpg'),
    file('x.jpg', 'Holiday/__MACOSX/x.jpg'),
    file('notes.txt', 'Holiday/notes.txt'),
  ]);
  expect(picked.name).toBe('Holiday');
  expect((await walked(picked)).paths).toEqual(['a.jpg', 'sub/b.jpg']);
  expect(await content(picked, 'sub/b.jpg')).toBe('b.jpg');
});

it('accepts loose files, and none', async () => {
  const loose = filesFromInput([file('b.jpg'), file('a.jpg')]);
  expect([loose.name, ...(await walked(loose)).paths]).toEqual(['2 items', 'a.jpg', 'b.jpg']);
  expect((await walked(filesFromInput([]))).paths).toEqual([]);
});

/** Fake directory handle: names with an object are folders, with an error unreadable. */
type Tree = { readonly [name: string]: Tree | Error | null };
function handle(name: string, tree: Tree | Error): FileSystemDirectoryHandle {
  const fileHandle = (child: string): unknown => ({
    kind: 'file',
    name: child,
    getFile: () => Promise.resolve(file(child, '', `${name}/${child}`)),
  });
  const values = async function* () {
    if (tree instanceof Error) throw tree;
    for (const [child, below] of Object.entries(tree)) yield below ? handle(child, below) : fileHandle(child);
  };
  const getFileHandle = (child: string): Promise<unknown> =>
    (tree as Tree)[child] === null ? Promise.resolve(fileHandle(child)) : Promise.reject(new Error('not found'));
  return { kind: 'directory', name, values, getFileHandle } as unknown as FileSystemDirectoryHandle;
}

/** Fake entry of a drop, whose reader returns a hundred children at a time. */
function entry(name: string, tree: Tree | Error | null, within = ''): FileSystemEntry {
  if (!tree) {
    const open = (done: (found: File) => void): void => done(file(name, '', `${within}/${name}`));
    return { isFile: true, name, file: open } as unknown as FileSystemEntry;
  }
  const children = tree instanceof Error ? [] : Object.entries(tree).map(([child, below]) => entry(child, below, name));
  type Fail = (error: Error) => void;
  const createReader = () => {
    const left = [...children];
    return {
      readEntries: (done: (batch: FileSystemEntry[]) => void, fail: Fail) =>
        tree instanceof Error ? fail(tree) : done(left.splice(0, 100)),
    };
  };
  const getFile = (child: string, _: object, done: (found: FileSystemEntry) => void, fail: Fail): void => {
    const found = children.find((one) => one.name === child && one.isFile);
    if (found) done(found);
    else fail(new Error('not found'));
  };
  return { isFile: false, name, createReader, getFile } as unknown as FileSystemEntry;
}

const drop = (...entries: FileSystemEntry[]): DataTransfer =>
  ({
    items: entries.map((found) => ({ kind: 'file', webkitGetAsEntry: () => found, getAsFile: () => null })),
  }) as unknown as DataTransfer;

const TREE: Tree = {
  z: { 'b.jpg': null, '.git': { 'a.jpg': null } },
  'a.jpg': null,
  locked: new Error('permission denied'),
  'readme.md': null,
};
const LOCKED = [{ path: 'locked', reason: 'unreadable', detail: "It can't be read (permission denied)." }];

it('walks a folder handle, keeps it, and opens listed files', async () => {
  const root = handle('pics', TREE);
  const picked = filesFromHandle(root);
  expect(picked.name).toBe('pics');
  expect(picked.handle).toBe(root);
  expect(await walked(picked)).toEqual({ paths: ['a.jpg', 'z/b.jpg'], problems: LOCKED });
  expect([await content(picked, 'a.jpg'), await content(picked, 'z/b.jpg')]).toEqual(['pics/a.jpg', 'z/b.jpg']);
  await expect(picked.open('z/gone.jpg')).rejects.toThrow('not found');
  await expect(picked.open('elsewhere/a.jpg')).rejects.toThrow('"elsewhere/a.jpg" was not listed');
});

it('walks a dropped folder in batches', async () => {
  const many = Object.fromEntries(Array.from({ length: 350 }, (_, index) => [`${index}.jpg`, null]));
  const picked = await filesFromDrop(drop(entry('pics', { ...TREE, many })));
  const sizes: number[] = [];
  for await (const { paths } of picked.list()) sizes.push(paths.length);
  expect(sizes).toEqual([250, 102]);
  const { paths, problems } = await walked(picked);
  expect([picked.name, paths.length, paths[1], problems]).toEqual(['pics', 352, 'many/0.jpg', LOCKED]);
  expect([await content(picked, 'many/9.jpg'), await content(picked, 'a.jpg')]).toEqual(['many/9.jpg', 'pics/a.jpg']);
});

it('distinguishes several dropped items by their names, also equal ones', async () => {
  const things = [entry('one', { 'a.jpg': null }), entry('two', { 'a.jpg': null }), entry('c.jpg', null, 'x')];
  const picked = await filesFromDrop(drop(...things, entry('c.jpg', null, 'y'), entry('.hidden', { 'a.jpg': null })));
  expect(picked.name).toBe('5 items');
  expect((await walked(picked)).paths).toEqual(['c.jpg', 'c.jpg (2)', 'one/a.jpg', 'two/a.jpg']);
  expect(await Promise.all(['c.jpg', 'c.jpg (2)', 'two/a.jpg'].map((path) => content(picked, path)))).toEqual([
    ...['x/c.jpg', 'y/c.jpg', 'two/a.jpg'],
  ]);
});

it('throws for a folder that cannot be read', async () => {
  await expect(walked(filesFromHandle(handle('gone', new Error('not found'))))).rejects.toMatchObject({
    code: 'dataset/unreadable',
    message: expect.stringMatching(/^"gone" can't be read \(not found\)/),
  });
});

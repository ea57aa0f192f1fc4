import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readFolder } from './readFolder.node.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pictures-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function write(files: Record<string, Uint8Array | string>): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
}

const solid = (level: number) =>
  sharp({ create: { width: 5, height: 4, channels: 3, background: { r: level, g: level, b: level } } }).png().toBuffer(); // oxfmt-ignore

it('reads images at any depth in a fixed order and lists skipped files with reasons', async () => {
  const good = await solid(10);
  await write({
    'b.png': await solid(20),
    'B.png': await solid(30),
    'dir.jpg/deep/a.png': good,
    '日本語 #1 %.jpg': good,
    ['__proto__']: good,
    '.hidden/a.png': good,
    '__MACOSX/a.png': good,
    'notes.txt': 'no picture',
    'text.jpg': 'no picture',
    'empty.png': '',
    'cut.png': good.subarray(0, 60),
  });
  const progress: number[][] = [];
  const { source, skipped, notes } = await readFolder(folder, 256, (done, total) => progress.push([done, total]));
  const paths = Array.from({ length: source.count }, (_, index) => source.path(index));
  expect(paths).toEqual(['B.png', '__proto__', 'b.png', 'dir.jpg/deep/a.png', '日本語 #1 %.jpg']);
  const levels = await Promise.all(paths.map(async (_, index) => (await source.get(index)).data[0]));
  expect(levels).toEqual([30, 10, 20, 10, 10]);
  expect(skipped.map(({ path, reason }) => [path, reason])).toEqual([
    ['cut.png', 'truncated'],
    ['empty.png', 'empty'],
    ['text.jpg', 'not-an-image'],
  ]);
  expect(notes).toMatchObject([{ level: 'warning', text: expect.stringContaining('All 5 images are black') }, {}]);
  expect(progress.at(-1)).toEqual([8, 8]);
  expect((await readFolder(folder, 16)).source.fingerprint).toBe(source.fingerprint);
});

it('reads the same images back from the disk where memory has no room', async () => {
  const sizes = Array.from({ length: 9 }, (_, index) => ({ width: 5 + index, height: 4 }));
  for (const [index, size] of sizes.entries()) {
    const background = { r: index, g: 100, b: 200 };
    await write({
      [`${index}.png`]: await sharp({ create: { ...size, channels: 3, background } })
        .png()
        .toBuffer(),
    });
  }
  const kept = await readFolder(folder, 256);
  const { source } = await readFolder(folder, 256, undefined, 200);
  const all = (of: typeof source) => Promise.all(sizes.map((_, index) => of.get(index)));
  expect(await all(source)).toEqual(await all(kept.source));
  expect((await all(source)).map(({ data }) => data[0])).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
});

it('follows links, except in circles, and lists broken ones', async () => {
  await write({ 'a/one.png': await solid(1) });
  await symlink(join(folder, 'a'), join(folder, 'a', 'again'));
  await symlink(join(folder, 'a', 'one.png'), join(folder, 'two.png'));
  await symlink(join(folder, 'gone.png'), join(folder, 'three.png'));
  const { source, skipped } = await readFolder(folder, 256);
  expect([source.path(0), source.path(1), source.count]).toEqual(['a/one.png', 'two.png', 2]);
  expect(skipped).toMatchObject([{ path: 'three.png', reason: 'unreadable' }]);
});

it('throws for a missing folder and one without images', async () => {
  await expect(readFolder(join(folder, 'missing'), 256)).rejects.toMatchObject({ code: 'dataset/unreadable' });
  await write({ 'notes.txt': 'x', '.hidden.jpg': 'x' });
  await expect(readFolder(folder, 256)).rejects.toMatchObject({
    code: 'dataset/empty',
    message: expect.stringContaining(folder),
  });
  await expect(readFolder(join(folder, 'notes.txt'), 256)).rejects.toMatchObject({ code: 'dataset/unreadable' });
});

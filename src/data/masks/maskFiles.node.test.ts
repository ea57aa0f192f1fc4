import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { findMaskFiles } from './maskFiles.node.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'masks-'));
});
afterEach(() => rm(folder, { recursive: true }));
const write = async (...paths: string[]): Promise<void> => {
  for (const path of paths) {
    await mkdir(join(folder, path, '..'), { recursive: true });
    await writeFile(join(folder, path), path);
  }
};
const found = async (path = folder): Promise<string[]> => (await findMaskFiles(path)).map((file) => file.path);

it('are the PNGs of a folder, else its one file of annotations, or that file itself', async () => {
  await write('a/instances.json', 'photo.jpg', 'notes.txt', '.hidden.json');
  expect(await found()).toEqual(['a/instances.json']);
  expect(await found(join(folder, 'a/instances.json'))).toEqual([join(folder, 'a/instances.json')]);
  await write('b/x.PNG', 'a/y.png');
  const files = await findMaskFiles(folder);
  expect(files.map(({ path }) => path)).toEqual(['a/y.png', 'b/x.PNG']);
  expect(new TextDecoder().decode(await files[1].read())).toBe('b/x.PNG');
  await rm(join(folder, 'b'), { recursive: true });
  await expect(files[1].read()).rejects.toMatchObject({ code: 'mask/unreadable' });
});

it('are missed with a word on what is there instead', async () => {
  await expect(findMaskFiles(join(folder, 'none.json'))).rejects.toMatchObject({ code: 'dataset/unreadable' });
  await expect(found()).rejects.toThrow('holds no PNG files');
  await write('1.jpg', '2.JPEG');
  await expect(found()).rejects.toThrow('holds 2 JPEG files and no PNGs. JPEG changes the values of a mask');
  await write('1.json', '2.json');
  await expect(found()).rejects.toThrow('holds 2 JSON files ("1.json", …) and no PNGs');
});

import { expect, it } from 'vitest';
import { memoryDirectory } from '../../testing/memoryDirectory.ts';
import { drawnRegions } from '../../testing/regions/drawnRegions.ts';
import { copyFiles, openFiles } from './takenPhotographs.ts';

const overview = drawnRegions({ photographs: 3 });
const { signal } = new AbortController();

const fileOf = (path: string, content: string) => ({ path, file: new File([content], path) });

it('opens each file once, also where it holds several images', async () => {
  const paths = ['a.tif#1', 'a.tif#2', 'b/c.jpg'];
  const several = { ...overview, photographs: { ...overview.photographs, paths } };
  const opened: string[] = [];
  const files = {
    open: (path: string) => {
      if (path.includes('#')) return Promise.reject(new Error('no such file'));
      opened.push(path);
      return Promise.resolve(new File([], path));
    },
  };
  const taken = await openFiles([1, 2, 0], several, { files });
  expect(taken.map(({ path }) => path)).toEqual(['a.tif', 'b/c.jpg']);
  await expect(openFiles([0], overview, { files: undefined })).rejects.toMatchObject({ code: 'regions/none' });
});

it('copies files into a folder under their paths', async () => {
  const { handle } = memoryDirectory();
  const told: number[] = [];
  await copyFiles([fileOf('a.jpg', 'one'), fileOf('b/c/a.jpg', 'two')], handle, (done) => told.push(done), signal);
  const inner = await (await handle.getDirectoryHandle('b')).getDirectoryHandle('c');
  for (const [folder, content] of [
    [handle, 'one'],
    [inner, 'two'],
  ] as const)
    expect(await (await (await folder.getFileHandle('a.jpg')).getFile()).text()).toBe(content);
  expect(told).toEqual([0.5, 1]);
});

it('names the file that has no room, and tells what was copied before', async () => {
  const { handle, disk } = memoryDirectory();
  disk.room = 3;
  await expect(copyFiles([fileOf('a.jpg', 'one'), fileOf('b.jpg', 'four')], handle, () => 0, signal)).rejects.toThrow(
    /"b\.jpg" could not be copied.*1 of 2 files were copied before\. Choose another folder, or take a zip\./,
  );
});

import { expect, it } from 'vitest';
import type { WorkerFile } from '../../data/workingCopies/overflow.browser.ts';
import { memoryCheckpoints } from '../../testing/memoryDirectory.ts';
import type { CheckpointFiles } from './checkpointFiles.ts';

const latestOf = async (files: CheckpointFiles, runId: string): Promise<[number, string] | undefined> => {
  const found = await files.latest(runId);
  return found && [found.step, await found.source.text()];
};

it('keeps the two latest of each run', async () => {
  const { files } = memoryCheckpoints();
  expect(await latestOf(files, 'a')).toBeUndefined();
  for (const step of [2, 10, 9_000]) await files.put('a', step, new Blob([`step ${step}`]));
  await files.put('b', 5, new Blob(['other']));
  expect(await latestOf(files, 'a')).toEqual([9000, 'step 9000']);
  expect(await latestOf(files, 'b')).toEqual([5, 'other']);
  expect(await files.sizes()).toEqual(
    new Map([
      ['a', 'step 10'.length + 'step 9000'.length],
      ['b', 'other'.length],
    ]),
  );
  await files.remove('a');
  await files.remove('a');
  expect(await latestOf(files, 'a')).toBeUndefined();
  expect([...(await files.sizes()).keys()]).toEqual(['b']);
});

it('a run that was rolled back has no checkpoint of later steps', async () => {
  const { files } = memoryCheckpoints();
  for (const step of [10, 20]) await files.put('a', step, new Blob([`${step}`]));
  await files.put('a', 15, new Blob(['15']));
  expect(await latestOf(files, 'a')).toEqual([15, '15']);
  await files.put('a', 15, new Blob(['15 again']));
  expect(await latestOf(files, 'a')).toEqual([15, '15 again']);
  expect((await files.sizes()).get('a')).toBe('1015 again'.length);
});

it.each([
  ['has no room', (disk: { room: number }) => (disk.room = 3), /quota/],
  ['loses bytes', (disk: { loses: number }) => (disk.loses = 1), /reads as something else/],
] as const)('a disk that %s leaves the earlier checkpoint', async (_, fail, message) => {
  const { files, disk } = memoryCheckpoints();
  await files.put('a', 1, new Blob(['one']));
  fail(disk);
  await expect(files.put('a', 2, new Blob(['the second']))).rejects.toThrow(message);
  expect(await latestOf(files, 'a')).toEqual([1, 'one']);
  expect((await files.sizes()).get('a')).toBe(3);
});

it('a step that is written again stays as it was until the write is complete', async () => {
  const { files, disk } = memoryCheckpoints();
  await files.put('a', 1, new Blob(['one']));
  disk.room = 3;
  await expect(files.put('a', 1, new Blob(['one again']))).rejects.toThrow();
  expect(await latestOf(files, 'a')).toEqual([1, 'one']);
});

it('what was cut off while it was written is no checkpoint, and is written over by the next', async () => {
  const { files, handle } = memoryCheckpoints();
  await files.put('a', 1, new Blob(['one']));
  const folder = await (await handle.getDirectoryHandle('checkpoints')).getDirectoryHandle('a');
  const file = await folder.getFileHandle('unfinished', { create: true });
  const access = await (file as FileSystemFileHandle & WorkerFile).createSyncAccessHandle();
  access.write(new TextEncoder().encode('the second, twice as long'), { at: 0 });
  expect(await latestOf(files, 'a')).toEqual([1, 'one']);
  await files.put('a', 2, new Blob(['two']));
  expect(await latestOf(files, 'a')).toEqual([2, 'two']);
  expect((await files.sizes()).get('a')).toBe('onetwo'.length);
});

it('falls back to the previous checkpoint where the latest can’t be read', async () => {
  const { files, disk } = memoryCheckpoints();
  for (const step of [1, 2]) await files.put('a', step, new Blob([`${step}`]));
  disk.unreadable.add('2.safetensors');
  expect(await latestOf(files, 'a')).toEqual([1, '1']);
  disk.unreadable.add('1.safetensors');
  await expect(files.latest('a')).rejects.toThrow('can’t be read');
});

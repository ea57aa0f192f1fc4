import { expect, it } from 'vitest';
import { memoryDirectory } from '../../testing/memoryDirectory.ts';
import { openKeptFile } from './keptFile.browser.ts';

const bytes = (...values: number[]): Uint8Array<ArrayBuffer> => Uint8Array.from(values);
const bytesOf = async ({ source }: { source: Blob }): Promise<number[]> => [
  ...new Uint8Array(await source.arrayBuffer()),
];

it('goes on with the file of that name', async () => {
  const { handle } = memoryDirectory();
  const open = () => openKeptFile(() => Promise.resolve(handle), 'run');
  const first = await open();
  await first.append(bytes(1, 2, 3));
  await first.append(bytes(4));
  expect(await first.finish()).toMatchObject({ isKept: true });
  const again = await open();
  expect([again.size, [...(await again.read(1, 2))]]).toEqual([4, [2, 3]]);
  await again.truncate(2);
  await again.append(bytes(5));
  expect(await bytesOf(await again.finish())).toEqual([1, 2, 5]);
});

it('holds in memory what the disk has no room for, and says so', async () => {
  const { handle, disk } = memoryDirectory();
  const file = await openKeptFile(() => Promise.resolve(handle), 'run');
  disk.room = 3;
  for (const value of [1, 3, 5]) await file.append(bytes(value, value + 1));
  const finished = await file.finish();
  expect(finished.isKept).toBe(false);
  expect(await bytesOf(finished)).toEqual([1, 2, 3, 4, 5, 6]);
  // The next pass goes on with what was kept.
  expect((await openKeptFile(() => Promise.resolve(handle), 'run')).size).toBe(2);
});

it('holds all in memory where the storage is closed', async () => {
  const file = await openKeptFile(() => Promise.reject(new Error('denied')), 'run');
  await file.append(bytes(1, 2));
  await file.truncate(1);
  await file.append(bytes(3));
  const finished = await file.finish();
  expect([finished.isKept, await bytesOf(finished)]).toEqual([false, [1, 3]]);
});

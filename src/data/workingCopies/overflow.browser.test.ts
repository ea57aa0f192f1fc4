import { expect, it } from 'vitest';
import { memoryDirectory } from '../../testing/memoryDirectory.ts';
import { createOverflowFile } from './overflow.browser.ts';

/** Fake storage of one browser, and the locks held by its tabs. */
function setUp() {
  const { handle, disk } = memoryDirectory();
  const held = new Set<string>();
  const locks = {
    request: async (name: string, whileHeld: () => Promise<void>) => {
      held.add(name);
      await whileHeld();
      held.delete(name);
    },
    query: async () => ({ held: [...held].map((name) => ({ name })) }),
  };
  const browser = { storage: { getDirectory: async () => handle }, locks } as unknown as Navigator;
  const files = async (): Promise<string[]> => {
    const names: string[] = [];
    for await (const name of (await handle.getDirectoryHandle('working-copies')).keys()) names.push(name);
    return names;
  };
  return { browser, disk, held, files };
}
const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);

it('reads appended bytes at the returned offsets', async () => {
  const { browser, files } = setUp();
  const overflow = await createOverflowFile(browser);
  const places = await Promise.all([bytes(1, 2, 3), bytes(4), bytes(5, 6)].map((part) => overflow.append(part)));
  expect(places).toEqual([0, 3, 4]);
  const read = await overflow.finish();
  expect(await read(0, 6)).toEqual(bytes(1, 2, 3, 4, 5, 6));
  expect(await read(3, 1)).toEqual(bytes(4));
  await overflow.discard();
  expect(await files()).toEqual([]);
});

it('rejects if the disk is full, and keeps the bytes appended before', async () => {
  const { browser, disk } = setUp();
  const overflow = await createOverflowFile(browser);
  disk.room = 2;
  await overflow.append(bytes(1, 2));
  await expect(overflow.append(bytes(3))).rejects.toThrow('there is no room for 1 bytes');
  const read = await overflow.finish();
  expect(await read(0, 2)).toEqual(bytes(1, 2));
});

it('deletes the files of closed tabs only', async () => {
  const { browser, held, files } = setUp();
  await createOverflowFile(browser);
  const [crashed] = await files();
  const open = await createOverflowFile(browser);
  await open.append(bytes(7));
  held.delete(`working-copies/${crashed}`);
  await createOverflowFile(browser);
  const left = await files();
  expect([left.length, left.includes(crashed)]).toEqual([2, false]);
  const read = await open.finish();
  expect(await read(0, 1)).toEqual(bytes(7));
});

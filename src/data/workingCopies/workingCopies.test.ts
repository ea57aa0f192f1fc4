import { expect, it } from 'vitest';
import { createWorkingCopies } from './workingCopies.ts';
import { datasetFingerprint } from './datasetFingerprint.ts';
import { imageFile } from '../../testing/images.ts';
import type { Overflow } from './overflow.ts';

const image = (value: number) => ({ width: 1, height: 2, data: new Uint8Array(6).fill(value) });

it('returns the images sorted by path, in any order of adding', async () => {
  const cache = createWorkingCopies('holiday');
  expect([
    await cache.add(imageFile('b.jpg', 200), image(2)),
    await cache.add(imageFile('a.jpg', 100), image(1)),
  ]).toEqual([0, 1]);
  const source = await cache.asSource();
  expect([cache.count, cache.bytes, source.count, source.name]).toEqual([2, 12, 2, 'holiday']);
  expect([source.path(0), source.path(1)]).toEqual(['a.jpg', 'b.jpg']);
  expect(source.dimensions(1)).toEqual({ width: 1, height: 1, orientation: 1 });
  expect(await source.get(1)).toEqual(image(2));
  await expect(source.get(2)).rejects.toThrow('image 2 of 2');
  expect(source.fingerprint).toBe(datasetFingerprint([{ path: 'a.jpg', bytes: 100 }, { path: 'b.jpg', bytes: 200 }])); // oxfmt-ignore
});

/** Fake disk with room for `room` bytes. */
function disk(room: number) {
  const parts: Uint8Array[] = [];
  const state = { opened: 0, isGone: false };
  const size = (): number => parts.reduce((sum, part) => sum + part.length, 0);
  const openOverflow = async (): Promise<Overflow> => {
    state.opened++;
    return {
      append: async (bytes) => {
        const at = size();
        if (at + bytes.length > room) throw new Error('the disk is full');
        parts.push(bytes);
        return at;
      },
      finish: async () => async (at, length) => {
        if (state.isGone) throw new Error('not found');
        return Uint8Array.from(parts.flatMap((part) => [...part])).slice(at, at + length);
      },
      discard: async () => void (state.isGone = true),
    };
  };
  return { state, openOverflow };
}

it('overflows to disk, and rejects if the disk is full', async () => {
  const { state, openOverflow } = disk(14);
  const cache = createWorkingCopies('holiday', { memoryBytes: 15, openOverflow });
  for (let value = 1; value <= 4; value++) await cache.add(imageFile(`${value}.jpg`, value), image(value));
  await expect(cache.add(imageFile('5.jpg', 5), image(5))).rejects.toThrow('the disk is full');
  expect([cache.count, cache.bytes, state.opened]).toEqual([4, 12, 1]);
  const source = await cache.asSource();
  for (let value = 1; value <= 4; value++) expect(await source.get(value - 1)).toEqual(image(value));

  await cache.discard();
  expect(await source.get(0)).toEqual(image(1));
  await expect(source.get(2)).rejects.toMatchObject({
    code: 'images/gone',
    message: 'The working copy of "3.jpg" can\'t be read back (not found). Choose "holiday" again.',
  });
});

it('opens no file while there is room in memory', async () => {
  const { state, openOverflow } = disk(100);
  const cache = createWorkingCopies('holiday', { memoryBytes: 12, openOverflow });
  await cache.add(imageFile('a.jpg', 1), image(1));
  await cache.add(imageFile('b.jpg', 1), image(2));
  await cache.discard();
  expect(state).toEqual({ opened: 0, isGone: false });
});

import { describe, expect, it } from 'vitest';
import type { RegionTable } from '../../domain/regions.ts';
import { drawnRegions } from '../../testing/regions/drawnRegions.ts';
import { regionFileOf } from '../../testing/regions/regionFileOf.ts';
import { readRegionOverview, readRegionTable, scanRegionFile, type ByteSource } from './readRegions.ts';

const table = drawnRegions({ photographs: 10, perPhotograph: 3, dimensions: 5 });
/** Parts of 4, 4 and 2 photographs. */
const file = regionFileOf(table, 4);

function sourceOf(bytes: Uint8Array<ArrayBuffer>): ByteSource {
  return { size: bytes.length, read: (at, length) => Promise.resolve(bytes.slice(at, at + length)) };
}

/** The first `count` photographs of the table. */
function firstOf({ photographs, regions }: RegionTable, count: number) {
  return { paths: photographs.paths.slice(0, count), prototype: regions.prototype.slice(0, 3 * count) };
}

async function photographsIn(bytes: Uint8Array<ArrayBuffer>) {
  const { isComplete, photographs, regions } = await readRegionTable(sourceOf(bytes));
  return { isComplete, paths: photographs.paths, prototype: regions.prototype };
}

describe('the file of regions', () => {
  it('reads back as the table that was written, with or without what only searches need', async () => {
    expect(await readRegionTable(sourceOf(file))).toEqual(table);
    expect(await readRegionOverview(sourceOf(file))).toEqual({
      ...table,
      vectors: new Float32Array(),
      colors: new Uint8Array(),
    });
  });

  it('ends before a part that is cut off, wherever that is', async () => {
    const { end: whole = 0 } = (await scanRegionFile(sourceOf(file))) ?? {};
    expect(whole).toBe(file.length);
    const ends = new Set<number>();
    for (let length = 0; length < file.length; length++) {
      const found = await scanRegionFile(sourceOf(file.slice(0, length)));
      if (found) ends.add(found.end);
      expect(found?.end ?? 0).toBeLessThanOrEqual(length);
    }
    // After the head and after each part but the last.
    expect(ends.size).toBe(3);
    expect(await photographsIn(file.slice(0, -1))).toEqual({ isComplete: false, ...firstOf(table, 8) });
  });

  it('ends before a part that is damaged', async () => {
    const damaged = file.slice();
    damaged[damaged.length - 100] ^= 1;
    expect(await photographsIn(damaged)).toEqual({ isComplete: false, ...firstOf(table, 8) });
  });

  it('is read in small parts, however long it is', async () => {
    const long = regionFileOf(drawnRegions({ photographs: 640 }), 8);
    let longest = 0;
    const read: ByteSource['read'] = (at, length) => {
      longest = Math.max(longest, length);
      return sourceOf(long).read(at, length);
    };
    await readRegionTable({ size: long.length, read });
    expect(longest).toBeLessThan(long.length / 70);
  });

  it('that is none is refused', async () => {
    await expect(readRegionTable(sourceOf(new Uint8Array()))).rejects.toThrow('The file of regions is empty');
    const text = new TextEncoder().encode('not a file of regions at all');
    await expect(readRegionTable(sourceOf(text))).rejects.toMatchObject({ code: 'regions/damaged' });
  });
});

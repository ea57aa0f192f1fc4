import { describe, expect, it } from 'vitest';
import { drawnRegions } from '../../testing/regions/drawnRegions.ts';
import { listOfPairs, listOfRanking, markShown, regionsAt, shownLines, shownPhotographs } from './regionLists.ts';
import { changedSet, hasRegion } from './regionSet.ts';

const { photographs, regions } = drawnRegions({ photographs: 4, perPhotograph: 3 });

describe('a list', () => {
  it('shows the lines down to its threshold', () => {
    const ranking = { items: Uint32Array.of(5, 1, 7, 2), values: Float32Array.of(0.875, 0.5, 0.5, 0.25) };
    const list = listOfRanking('outliers', 'region', ranking);
    expect([0, 0.25, 0.5, 0.6, 0.9].map((threshold) => shownLines({ ...list, threshold }))).toEqual([4, 4, 3, 1, 0]);
    expect(shownLines(list)).toBe(4);
    const cut = { ...list, threshold: 0.5 };
    expect(shownPhotographs(cut, regions.image)).toEqual([1, 0, 2]);
    expect([...markShown(cut, photographs)]).toEqual([0, 1, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0]);
  });

  it('of pairs stands for the regions of both photographs', () => {
    const list = listOfPairs({ pairs: Uint32Array.of(0, 3, 1, 2), values: Float32Array.of(0.9, 0.8) });
    expect(shownLines(list)).toBe(2);
    expect(regionsAt(list, 0, photographs)).toEqual([0, 1, 2, 9, 10, 11]);
    expect(shownPhotographs(list, regions.image)).toEqual([0, 3, 1, 2]);
  });
});

describe('a selection', () => {
  it('is replaced, added to, and toggled: taken away only where all was there', () => {
    const start = changedSet(new Uint32Array(), [30, 4, 9, 4], 'replace');
    expect([...start]).toEqual([4, 9, 30]);
    expect([...changedSet(start, [9, 11], 'toggle')]).toEqual([4, 9, 11, 30]);
    expect([...changedSet(start, [9, 4], 'toggle')]).toEqual([30]);
    expect([...changedSet(start, Uint32Array.of(1), 'add')]).toEqual([1, 4, 9, 30]);
    expect([4, 5, 30, 31].map((region) => hasRegion(start, region))).toEqual([true, false, true, false]);
  });
});

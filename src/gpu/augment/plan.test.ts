import { expect, test } from 'vitest';
import type { CachedImage } from './cache.ts';
import { layOutRows, type PlannedView } from './plan.ts';

const page = (name: string): GPUBuffer => ({ label: name }) as GPUBuffer;
const viewOf = (buffer: GPUBuffer, height: number): PlannedView => ({
  image: { page: buffer, offset: 0, width: 9, height: 99 } satisfies CachedImage,
  recipe: { box: { top: 0, left: 0, height, width: 9 }, flip: false, colors: [], solarize: false },
});

test('views share a dispatch by page, as long as their rows fit', () => {
  const [a, b] = [page('a'), page('b')];
  const heights = [5, 7, 6, 40, 2];
  const pages = [a, b, a, a, b];
  const { groups, places, words } = layOutRows(
    heights.map((height, index) => viewOf(pages[index], height)),
    8,
    100,
  );
  expect(groups.map((group) => [group.page.label, group.views, group.maxRows])).toEqual([
    ['a', [0, 2], 6],
    ['b', [1, 4], 7],
    ['a', [3], 40],
  ]);
  expect(places).toEqual([0, 0, 40, 0, 56]);
  // A single view may need more than the rest is allowed.
  expect(words).toBe(320);
});

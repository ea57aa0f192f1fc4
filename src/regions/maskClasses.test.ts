import { expect, it } from 'vitest';
import type { Mask } from '../data/masks/mask.ts';
import { drawnRegions } from '../testing/regions/drawnRegions.ts';
import { classifyRegions } from './maskClasses.ts';

it('gives each region the class of most of its pixels; a photograph without a usable mask none', async () => {
  // Photographs of two regions each, one above the other.
  const table = drawnRegions({ photographs: 3, perPhotograph: 2 });
  const masks: readonly (Mask | undefined)[] = [
    { width: 8, height: 8, data: Uint8Array.from({ length: 64 }, (_, at) => (at < 40 ? 7 : 9)) },
    undefined,
    { width: 1, height: 8, data: Uint8Array.of(7, 9, 9, 9, 7, 7, 9, 7) },
  ];
  const done: number[] = [];
  const found = await classifyRegions(
    table,
    {
      has: () => true,
      read: async (image) => masks[image] ?? Promise.reject(new Error('unreadable')),
      className: (value) => `class ${value}`,
    },
    async (count) => void done.push(count),
  );
  // By hand: the lower half of the first mask is 8 pixels of 7 and 24 of 9.
  expect([...found.classes].map((at) => found.names[at])).toEqual([
    'class 7',
    'class 9',
    undefined,
    undefined,
    'class 9',
    'class 7',
  ]);
  expect(done).toEqual([0, 1, 2]);
});

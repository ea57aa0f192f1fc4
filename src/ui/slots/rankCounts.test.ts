import { expect, it } from 'vitest';
import { rankCounts } from './rankCounts.ts';

it('ranks prototypes by their fraction of the pixels', () => {
  expect(rankCounts(Uint32Array.of(0, 0, 3, 0, 1))).toEqual([
    { prototype: 2, fraction: 0.75 },
    { prototype: 4, fraction: 0.25 },
  ]);
});

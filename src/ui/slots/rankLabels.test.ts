import { expect, it } from 'vitest';
import { rankLabels } from './rankLabels.ts';

it('ranks prototypes by their fraction of the pixels', () => {
  expect(rankLabels(Uint16Array.of(4, 2, 2, 2), 5)).toEqual([
    { prototype: 2, fraction: 0.75 },
    { prototype: 4, fraction: 0.25 },
  ]);
});

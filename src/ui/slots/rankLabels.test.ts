import { expect, it } from 'vitest';
import { rankLabels } from './rankLabels.ts';

it('ranks prototypes by their share', () => {
  expect(rankLabels(Uint16Array.of(4, 2, 2, 2), 5)).toEqual([
    { prototype: 2, share: 0.75 },
    { prototype: 4, share: 0.25 },
  ]);
});

import { expect, it } from 'vitest';
import { evenly } from './evenly.ts';

it('spreads its values evenly, and keeps all of a few', () => {
  const ten = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
  expect(evenly(ten, 4)).toEqual([0, 2, 5, 7]);
  expect(evenly(ten, 100)).toEqual(ten);
  expect(evenly([], 3)).toEqual([]);
});

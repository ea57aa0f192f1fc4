import { expect, it } from 'vitest';
import { pagePath, splitPagePath } from './pagePath.ts';

it('numbers the pages of a file with several', () => {
  expect(pagePath('a/stack.tif', 1, 1)).toBe('a/stack.tif');
  expect(splitPagePath(pagePath('a/stack.tif', 3, 12))).toEqual({ path: 'a/stack.tif', page: 3 });
  expect(splitPagePath('photo #1.jpg')).toEqual({ path: 'photo #1.jpg', page: 1 });
  expect(splitPagePath('a#0')).toEqual({ path: 'a#0', page: 1 });
});

import { expect, it } from 'vitest';
import { workingCopySize } from './workingCopySize.ts';

it.each([
  [4000, 3000, 256, { width: 341, height: 256 }],
  [3000, 4000, 256, { width: 256, height: 341 }],
  [100, 80, 256, { width: 100, height: 80 }],
  [1, 5000, 256, { width: 1, height: 5000 }],
  [256, 256, 256, { width: 256, height: 256 }],
  [16000, 20, 16, { width: 12800, height: 16 }],
])('%i × %i at working size %i', (width, height, workingSize, expected) => {
  expect(workingCopySize(width, height, workingSize)).toEqual(expected);
});

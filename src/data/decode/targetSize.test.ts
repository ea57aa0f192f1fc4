import { expect, it } from 'vitest';
import { shrunkSize } from './targetSize.ts';

it.each([
  [4000, 3000, { shorter: 256 }, { width: 341, height: 256 }],
  [3000, 4000, { shorter: 256 }, { width: 256, height: 341 }],
  [100, 80, { shorter: 256 }, { width: 100, height: 80 }],
  [1, 5000, { shorter: 256 }, { width: 1, height: 5000 }],
  [256, 256, { shorter: 256 }, { width: 256, height: 256 }],
  [16000, 20, { shorter: 16 }, { width: 12800, height: 16 }],
  [4000, 3000, { longer: 1024 }, { width: 1024, height: 768 }],
  [3000, 4000, { longer: 1024 }, { width: 768, height: 1024 }],
  [1, 5000, { longer: 256 }, { width: 1, height: 256 }],
  [100, 80, { longer: 100 }, { width: 100, height: 80 }],
])('%i × %i for %j', (width, height, target, expected) => {
  expect(shrunkSize(width, height, target)).toEqual(expected);
});

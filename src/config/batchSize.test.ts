import { expect, it } from 'vitest';
import { problemOf } from '../testing/problemOf.ts';
import { batchShortfall, checkBatch } from './batchSize.ts';

it('refuses fewer images than one batch, with both numbers and the remedy', () => {
  expect(problemOf(() => checkBatch(8, 8, 'cats'))).toBe('none');
  expect(problemOf(() => checkBatch(3, 8, 'cats'))).toBe(
    'dataset/too-small "cats": 3 usable images, one batch needs 8. Add images or lower "Batch size".',
  );
  expect(batchShortfall(1, 2)).toBe('1 usable image, one batch needs 2.');
  expect(batchShortfall(2, 2)).toBeUndefined();
});

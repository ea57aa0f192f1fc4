import { expect, it } from 'vitest';
import { problemOf } from '../testing/problemOf.ts';
import { batchShortfall, checkBatch } from './batchSize.ts';

it('refuses fewer images than one batch, with both numbers and the remedy', () => {
  const config = { batchSize: 8, accumulate: 1 };
  expect(problemOf(() => checkBatch(8, config, 'cats'))).toBe('none');
  expect(problemOf(() => checkBatch(3, config, 'cats'))).toBe(
    'dataset/too-small "cats": 3 usable images, one batch needs 8. Add images or lower "Batch size".',
  );
  expect(batchShortfall(1, { batchSize: 2, accumulate: 1 })).toBe('1 usable image, one batch needs 2.');
});

it('refuses fewer images than the batches of one step', () => {
  const config = { batchSize: 8, accumulate: 3 };
  expect(batchShortfall(24, config)).toBeUndefined();
  expect(problemOf(() => checkBatch(23, config))).toBe(
    'dataset/too-small 23 usable images, one step of 3 batches needs 24. Add images or lower "Batch size" or "Accumulate".',
  );
});

import { UserError } from '../lib/errors.ts';

/** Throws a UserError where a set of images can't fill one batch. */
export function checkBatch(source: { readonly name: string; readonly count: number }, batchSize: number): void {
  const { name, count } = source;
  if (count >= batchSize) return;
  throw new UserError(
    'dataset/too-small',
    `"${name}" holds ${count} usable images, but one batch needs ${batchSize}. Add images or lower "Batch size".`,
  );
}

import { UserError } from '../lib/errors.ts';

/** Message if `count` images don't fill one batch, else undefined. */
export function batchShortfall(count: number, batchSize: number): string | undefined {
  if (count >= batchSize) return undefined;
  return `${count} usable ${count === 1 ? 'image' : 'images'}, one batch needs ${batchSize}.`;
}

export const SHORTFALL_REMEDY = 'Add images or lower "Batch size".';

/** Throws `dataset/too-small` unless `count` images fill one batch. */
export function checkBatch(count: number, batchSize: number, datasetName?: string): void {
  const shortfall = batchShortfall(count, batchSize);
  if (shortfall === undefined) return;
  const subject = datasetName === undefined ? '' : `"${datasetName}": `;
  throw new UserError('dataset/too-small', `${subject}${shortfall} ${SHORTFALL_REMEDY}`);
}

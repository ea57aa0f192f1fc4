import { UserError } from '../lib/errors.ts';
import type { Config } from './fields.ts';

type Sizes = Pick<Config, 'batchSize' | 'accumulate'>;

/** Images of one step. */
export function stepImages({ batchSize, accumulate }: Sizes): number {
  return batchSize * accumulate;
}

/** Message if `count` images don't fill one step, else undefined. */
export function batchShortfall(count: number, config: Sizes): string | undefined {
  const needed = stepImages(config);
  if (count >= needed) return undefined;
  const { accumulate } = config;
  const unit = accumulate === 1 ? 'batch' : `step of ${accumulate} batches`;
  return `${count} usable ${count === 1 ? 'image' : 'images'}, one ${unit} needs ${needed}.`;
}

export function shortfallRemedy({ accumulate }: Sizes): string {
  return `Add images or lower "Batch size"${accumulate === 1 ? '' : ' or "Accumulate"'}.`;
}

/** Throws `dataset/too-small` unless `count` images fill one step. */
export function checkBatch(count: number, config: Sizes, datasetName?: string): void {
  const shortfall = batchShortfall(count, config);
  if (shortfall === undefined) return;
  const subject = datasetName === undefined ? '' : `"${datasetName}": `;
  throw new UserError('dataset/too-small', `${subject}${shortfall} ${shortfallRemedy(config)}`);
}

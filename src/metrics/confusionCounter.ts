import { UserError } from '../lib/errors.ts';
import type { Confusion } from '../domain/scores.ts';
import { createConfusion } from './segmentation.ts';

/** Counts pixels picture by picture, whatever values stand for classes. */
export interface ConfusionCounter {
  /**
   * One picture: `labels` are prototypes, `mask` holds its classes' values, pixel by pixel. Throws `metrics/mask-size`
   * for a mask of another size and `metrics/too-many-classes` for what is no mask.
   */
  add(labels: ArrayLike<number>, mask: ArrayLike<number>): void;
  /** What was counted so far; class c of the confusion is the value `values[c]`, in rising order. */
  result(): { readonly confusion: Confusion; readonly values: readonly number[] };
}

const MOST_CLASSES = 256;

/** Pixels of `voidValue` are left out. */
export function createConfusionCounter(prototypes: number, voidValue?: number): ConfusionCounter {
  const counts = new Map<number, Float64Array>();
  const countsOf = (value: number): Float64Array => {
    let column = counts.get(value);
    if (!column) {
      if (counts.size === MOST_CLASSES) {
        throw new UserError(
          'metrics/too-many-classes',
          `The masks hold more than ${MOST_CLASSES} different values, and no more classes can be told apart. Are they masks, and not photographs?`,
        );
      }
      column = new Float64Array(prototypes);
      counts.set(value, column);
    }
    return column;
  };
  return {
    add: (labels, mask) => {
      if (labels.length !== mask.length) {
        throw new UserError(
          'metrics/mask-size',
          `A mask of ${mask.length} pixels can't judge a picture of ${labels.length}. Masks need the size of their images.`,
        );
      }
      // Neighbors mostly are of one class.
      let value = -1;
      let column: Float64Array | undefined;
      for (let pixel = 0; pixel < mask.length; pixel++) {
        const truth = mask[pixel];
        if (truth !== value) {
          value = truth;
          column = truth === voidValue ? undefined : countsOf(truth);
        }
        if (column) column[labels[pixel]]++;
      }
    },
    result: () => {
      const values = [...counts.keys()].sort((a, b) => a - b);
      const confusion = createConfusion(prototypes, values.length);
      values.forEach((value, at) => {
        counts.get(value)?.forEach((count, prototype) => {
          confusion.counts[prototype * values.length + at] = count;
        });
      });
      return { confusion, values };
    },
  };
}

import { UserError } from '../lib/errors.ts';
import { UNLABELED, type Confusion } from '../domain/scores/scores.ts';
import { createConfusion } from './segmentation.ts';

/** Accumulates a confusion image by image; any mask values may stand for classes. */
export interface ConfusionCounter {
  /**
   * Adds one image: `labels` are prototypes, `mask` holds class values, pixel by pixel. Throws `metrics/mask-size` for a
   * mask of another size and `metrics/too-many-classes` for more than 256 different values.
   */
  add(labels: ArrayLike<number>, mask: ArrayLike<number>): void;
  /** Confusion so far; its class c is the mask value `values[c]`, in ascending order. */
  result(): { readonly confusion: Confusion; readonly values: readonly number[] };
}

const MAX_CLASSES = 256;

/** Ignores pixels of `voidValue` and unlabeled ones. */
export function createConfusionCounter(prototypes: number, voidValue?: number): ConfusionCounter {
  const counts = new Map<number, Float64Array>();
  const countsOf = (value: number): Float64Array => {
    let column = counts.get(value);
    if (!column) {
      if (counts.size === MAX_CLASSES) {
        throw new UserError(
          'metrics/too-many-classes',
          `The masks hold more than ${MAX_CLASSES} different values, and no more classes can be told apart. Are they masks, and not photographs?`,
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
          `A mask of ${mask.length} pixels can't score an image of ${labels.length}. Masks need the size of their images.`,
        );
      }
      // Neighboring pixels mostly have the same class: look up its column only on a change.
      let value = -1;
      let column: Float64Array | undefined;
      for (let pixel = 0; pixel < mask.length; pixel++) {
        const truth = mask[pixel];
        if (truth !== value) {
          value = truth;
          column = truth === voidValue || truth === UNLABELED ? undefined : countsOf(truth);
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

/** Mask value of pixels that are never scored, whatever the void value; above all classes and colors. */
export const UNLABELED = 2 ** 32 - 1;

/** Pixel counts, prototypes × classes, row-major. */
export interface Confusion {
  readonly prototypes: number;
  readonly classes: number;
  readonly counts: Float64Array;
}

/** Pixels of each prototype, of each class, and of all. */
export interface Marginals {
  readonly prototypes: Float64Array;
  readonly classes: Float64Array;
  readonly total: number;
}

export function marginalsOf({ prototypes, classes, counts }: Confusion): Marginals {
  const perPrototype = new Float64Array(prototypes);
  const perClass = new Float64Array(classes);
  counts.forEach((count, cell) => {
    perPrototype[Math.floor(cell / classes)] += count;
    perClass[cell % classes] += count;
  });
  return { prototypes: perPrototype, classes: perClass, total: perPrototype.reduce((sum, count) => sum + count, 0) };
}

/** Agreement of prototypes with the classes of the masks. Fractions, not percent; NaN if no pixel was counted. */
export interface SegmentationScores {
  /** Mean intersection over union of the classes that occur, with a one-to-one matching of classes and prototypes. */
  readonly miou: number;
  readonly pixelAccuracy: number;
  /** The same with each prototype assigned to its most frequent class. */
  readonly majorityMiou: number;
  readonly majorityPixelAccuracy: number;
  /** Normalized mutual information of prototypes and classes. */
  readonly nmi: number;
  /** Prototypes that hold more than 0.5% of the pixels. */
  readonly used: number;
  readonly perClass: readonly ClassScore[];
}

export interface ClassScore {
  readonly class: number;
  /** Fraction of the pixels; 0 for a class that doesn't occur (its scores are 0 and excluded from means). */
  readonly share: number;
  /** Matched prototype, −1 if none. */
  readonly prototype: number;
  readonly iou: number;
  readonly majorityIou: number;
}

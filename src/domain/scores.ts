/** Pixel counts, prototypes × classes, row-major. */
export interface Confusion {
  readonly prototypes: number;
  readonly classes: number;
  readonly counts: Float64Array;
}

/** How well prototypes match the classes of the masks. Fractions, not percent; NaN where no pixel was counted. */
export interface SegmentationScores {
  /** Mean over the classes that occur of intersection over union, each class matched to a prototype of its own. */
  readonly miou: number;
  readonly pixelAccuracy: number;
  /** The same with every prototype standing for its most frequent class. */
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
  /** Share of the pixels; 0 for a class that doesn't occur (its scores are 0 and count nowhere). */
  readonly share: number;
  /** The matched prototype, −1 if none was left. */
  readonly prototype: number;
  readonly iou: number;
  readonly majorityIou: number;
}

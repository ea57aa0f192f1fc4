/** What one step reports: one line of `metrics.jsonl`. Entropies are relative to log K, so 1 is uniform. */
export interface StepRecord {
  /** Steps done, 1 after the first. */
  readonly step: number;
  /** λ_g·lossGroup + (1−λ_g)·lossSlot, before the update of this step. */
  readonly loss: number;
  readonly lossGroup: number;
  readonly lossSlot: number;
  readonly lr: number;
  readonly teacherMomentum: number;
  /** (image, prototype) pairs present in both views: rows of the slot loss, both directions together. */
  readonly activeSlots: number;
  /** Mean entropy of a cell's teacher assignment. */
  readonly assignmentEntropy: number;
  /** Entropy of the mean teacher assignment. */
  readonly meanAssignmentEntropy: number;
  /** Share of aligned cells in which both views choose the same prototype (teacher). */
  readonly agreement: number;
  /** Mean cosine between student features of different cells. */
  readonly featureCosine: number;
  /** Norm of the projector's last bias over the root-mean-square norm of its outputs. */
  readonly biasRatio: number;
  /** Prototypes that hold more than 0.5% of the teacher's cells. */
  readonly usedPrototypes: number;
  /** Share of the teacher's cells for each prototype; sums to 1. */
  readonly usage: readonly number[];
}

/** How a record and the person's settings read together; see `health.ts`. */
export interface Verdict {
  readonly level: 'info' | 'good' | 'warning' | 'alarm';
  /** A few words: "slots are forming". */
  readonly title: string;
  /** Why: the numbers behind it and what to do. */
  readonly detail: string;
}

/** Segmentation of one watched image: the winning prototype of each pixel. */
export interface Overlay {
  readonly imageIndex: number;
  readonly path: string;
  readonly size: number;
  /** size × size × 3: the square, centre-cropped picture that was segmented. */
  readonly rgb: Uint8Array;
  /** size × size prototype indices. */
  readonly labels: Uint16Array;
}

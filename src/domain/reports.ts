import type { Confusion, SegmentationScores } from './scores.ts';

/** How fast a run is, as averages over its latest steps, but for `stepMs`. */
export interface StepTiming {
  /** The latest step. */
  readonly stepMs: number;
  readonly imagesPerSecond: number;
  readonly etaSeconds: number;
  /** How much of a step the device is idle because its images aren't there, from 0 to 1. */
  readonly dataWaitShare: number;
}

/** How a record and the person's settings read together; see `health.ts`. */
export interface Verdict {
  readonly level: 'info' | 'good' | 'warning' | 'alarm';
  /** A few words: "slots are forming". */
  readonly title: string;
  /** Why: the numbers behind it and what to do. */
  readonly detail: string;
}

/** How the networks do on the watched images, seen whole and as they are. Measured whenever overlays are drawn. */
export interface HealthMeasures {
  /** Mean over the images of the prototypes that win at least 1% of the pixels. */
  readonly activeSlots: number;
  /** Entropy of the prototypes' shares of all pixels, relative to log K. */
  readonly usageEntropy: number;
  /** The fewest prototypes that together hold 90% of the pixels. */
  readonly holders: number;
  /** Mean over cells of the largest entry of the teacher's assignment. */
  readonly maxAssignment: number;
  /** Share of cells in which student and teacher choose the same prototype. */
  readonly agreement: number;
  /** Mean over channels of the standard deviation over cells of the teacher's normalized projections, times √D. */
  readonly featureStd: number;
  /** How many directions these fill. */
  readonly effectiveRank: number;
}

/** A measure in words. */
export interface HealthLine {
  readonly name: keyof HealthMeasures;
  readonly label: string;
  readonly value: string;
  readonly level: Verdict['level'];
  /** What it means, and where it is bad what to do. */
  readonly text: string;
}

export interface Health {
  readonly measures: HealthMeasures;
  readonly lines: readonly HealthLine[];
}

/** Segmentation of one watched image: the winning prototype of each pixel. */
export interface Overlay {
  readonly imageIndex: number;
  readonly path: string;
  readonly size: number;
  /** size × size × 3: the square, center-cropped picture that was segmented. */
  readonly rgb: Uint8Array;
  /** size × size prototype indices. */
  readonly labels: Uint16Array;
}

/** A prototype's cells in one image, to be shown. */
export interface GallerySegment {
  readonly image: number;
  readonly prototype: number;
  readonly path: string;
  /** What it was ranked by: mean dot of its cells, or cosine to the segment that was asked about. */
  readonly score: number;
  /** size × size × 3: the picture's center square. */
  readonly size: number;
  readonly rgb: Uint8Array;
  /** 1 for each cell of the segment, 0 elsewhere; the grid is the gallery's. */
  readonly cells: Uint8Array;
}

/** What a prototype means over a whole folder. */
export interface PrototypeCard {
  readonly prototype: number;
  /** Share of all cells that it wins. */
  readonly usage: number;
  /** Images in which it wins at least 1% of the cells. */
  readonly images: number;
  /** The images that show it best, best first. */
  readonly nearest: readonly GallerySegment[];
  /** An earlier prototype that is nearly the same. */
  readonly duplicateOf?: { readonly prototype: number; readonly cosine: number };
}

export interface Gallery {
  /** Steps the model had been trained. */
  readonly step: number;
  readonly imageCount: number;
  /** Cells of a picture. */
  readonly height: number;
  readonly width: number;
  readonly cards: readonly PrototypeCard[];
}

/** How well the slots match masks. */
export interface ScoreReport {
  /** Steps the model had been trained. */
  readonly step: number;
  /** Pictures that were scored, and those that could have been. */
  readonly pictures: number;
  readonly available: number;
  readonly scores: SegmentationScores;
  readonly confusion: Confusion;
  /** What the masks call the classes of the confusion. */
  readonly classNames: readonly string[];
}

/** What there is to beat: no training, and no network at all. */
export interface Baselines {
  readonly pictures: number;
  /** The same model before its first step. */
  readonly untrained: SegmentationScores;
  /** As many clusters of colors as there are prototypes. */
  readonly colors: SegmentationScores;
}

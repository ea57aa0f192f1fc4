import type { ImageDimensions, RgbImage } from './images.ts';
import type { SlotGrid } from './slotGrid.ts';
import type { Confusion, SegmentationScores } from './scores/scores.ts';

/** Speed of a run; all but `stepMs` are averages over the latest steps. */
export interface StepTiming {
  /** Duration of the latest step. */
  readonly stepMs: number;
  readonly imagesPerSecond: number;
  readonly etaSeconds: number;
  /** Fraction of a step during which the device waits for images, from 0 to 1. */
  readonly dataWaitShare: number;
  /** Mean bytes that the host sends to the device per step, over this run; undefined for an engine that doesn't count. */
  readonly hostBytesPerStep?: number | undefined;
}

/** Judgment of a step's record; see `health.ts`. */
export interface Verdict {
  readonly level: 'info' | 'good' | 'warning' | 'alarm';
  /** A few words: "slots are forming". */
  readonly title: string;
  /** The numbers behind the judgment, and a remedy. */
  readonly detail: string;
  /** The settings that help against an alarm: of the heads, or the teacher's temperature. */
  readonly remedy?: 'heads' | 'temperature';
}

/** Health of the networks on the watched images, without augmentation. Measured whenever overlays are drawn. */
export interface HealthMeasures {
  /** Number of prototypes that win at least 1% of an image's pixels, averaged over the images. */
  readonly activeSlots: number;
  /** Entropy of the prototypes' fractions of all pixels, relative to log K. */
  readonly usageEntropy: number;
  /** Min number of prototypes that together hold 90% of the pixels. */
  readonly holders: number;
  /** Mean over cells of the largest entry of the teacher's assignment. */
  readonly maxAssignment: number;
  /** Fraction of cells in which student and teacher choose the same prototype. */
  readonly agreement: number;
  /** Mean over channels of the standard deviation over cells of the teacher's normalized projections, times √D. */
  readonly featureStd: number;
  /** Effective rank of these projections. Not measured before the first step. */
  readonly effectiveRank?: number;
  /**
   * NMI between slots and as many clusters of color, of the same pixels: how far color alone explains the slots. Not measured
   * before the first step.
   */
  readonly colorAgreement?: number;
}

/** Description of one measure. */
export interface HealthLine {
  readonly name: keyof HealthMeasures;
  readonly label: string;
  readonly value: string;
  readonly level: Verdict['level'];
  /** Interpretation, with a remedy for a bad value. */
  readonly text: string;
}

export interface Health {
  readonly measures: HealthMeasures;
  readonly lines: readonly HealthLine[];
}

/** Segmentation of one image: a watched one, or one of the gallery. */
export interface Overlay {
  readonly imageIndex: number;
  readonly path: string;
  readonly dimensions: ImageDimensions;
  /** The whole image as it was segmented, small; proportions may differ a little from the file's. */
  readonly preview: RgbImage;
  readonly grid: SlotGrid;
  /** The grid with slopes, by which segments follow the edges of the image. */
  readonly edges: SlotGrid;
  /** Pixels of each prototype among the coarse labels, counted where there is time for it: the page has many to show. */
  readonly counts?: Uint32Array;
}

/** The region of a prototype in one image. */
export interface GallerySegment {
  readonly prototype: number;
  /** Ranking score: mean dot of its cells, or cosine to the query segment. */
  readonly score: number;
  /** Its image; the segments of an image share it. */
  readonly overlay: Overlay;
}

/** Statistics of a prototype over a whole folder. */
export interface PrototypeCard {
  readonly prototype: number;
  /** Fraction of all cells that it wins. */
  readonly usage: number;
  /** Number of images in which it wins at least 1% of the cells. */
  readonly images: number;
  /** Images with the highest scores, best first. */
  readonly nearest: readonly GallerySegment[];
  /** Earlier prototype that is nearly identical. */
  readonly duplicateOf?: { readonly prototype: number; readonly cosine: number };
}

export interface Gallery {
  /** Number of steps the model was trained for. */
  readonly step: number;
  readonly imageCount: number;
  readonly cards: readonly PrototypeCard[];
}

/** Agreement of the slots with masks. */
export interface ScoreReport {
  /** Number of steps the model was trained for. */
  readonly step: number;
  /** Number of images scored, and of those available. */
  readonly pictures: number;
  readonly available: number;
  /** Why masks were left out, one sentence each. */
  readonly leftOut: readonly string[];
  readonly scores: SegmentationScores;
  /** Where segments follow the edges of the images. */
  readonly edges?: SegmentationScores;
  readonly confusion: Confusion;
  /** Names of the confusion's classes in the masks. */
  readonly classNames: readonly string[];
}

/** Baseline scores: an untrained model, and clustering of colors. */
export interface Baselines {
  readonly pictures: number;
  /** The same model before its first step. */
  readonly untrained: SegmentationScores;
  /** As many clusters of colors as there are prototypes. */
  readonly colors: SegmentationScores;
}

/** Segmentation of a picture. */
export type PictureSlots = Pick<Overlay, 'grid' | 'edges'>;

/**
 * Regions of a folder: for every photograph the slots that are present in it. N regions · D channels. Columns are typed arrays;
 * the number of a region is its row. Rows are in the order of the photographs.
 */
export interface RegionColumns {
  /** N */
  readonly count: number;
  /** Index of each region's photograph, ascending. */
  readonly image: Uint32Array;
  /** Counted from 0. */
  readonly prototype: Uint16Array;
  /** Fraction of the photograph. */
  readonly area: Float32Array;
  /** Smallest box around the region, [N,4]: left, top, right, bottom as fractions of the photograph. */
  readonly boxes: Float32Array;
  /** Mean assignment of the prototype over the cells that it wins. */
  readonly confidence: Float32Array;
}

/** Photographs of a table, in the order of the folder. */
export interface RegionPhotographs {
  readonly count: number;
  readonly paths: readonly string[];
  /** Size upright, in px. */
  readonly widths: Uint32Array;
  readonly heights: Uint32Array;
  /** Dates of the files in ms since 1970; NaN where unknown. */
  readonly dates: Float64Array;
  /** First region of each, and the number of all at the end: [count + 1]. */
  readonly regionStarts: Uint32Array;
  readonly cells: RegionCells;
}

/** Which prototype wins each cell of each photograph: the shapes of the regions. */
export interface RegionCells {
  readonly rows: Uint16Array;
  readonly columns: Uint16Array;
  /** First cell of each photograph, and the number of all at the end. */
  readonly starts: Uint32Array;
  /** Row by row. */
  readonly winners: Uint16Array;
}

/** What a table was computed from. Tables of the same origin are the same. */
export interface RegionOrigin {
  readonly step: number;
  /** Hash of the teacher's weights. */
  readonly model: string;
  readonly datasetName: string;
  readonly datasetFingerprint: string;
  /** Number of photographs of the data set. */
  readonly images: number;
  /** K */
  readonly prototypes: number;
  /** D */
  readonly dimensions: number;
  /** Side of the squares that photographs were segmented in, in px. */
  readonly side: number;
}

/** All of a table but what only searches need: what the page draws from. */
export interface RegionOverview {
  readonly origin: RegionOrigin;
  /** False where the pass was ended before the last photograph. */
  readonly isComplete: boolean;
  readonly photographs: RegionPhotographs;
  readonly regions: RegionColumns;
}

export interface RegionTable extends RegionOverview {
  /** Slots of unit length, [N,D]. */
  readonly vectors: Float32Array;
  /** Mean color of each cell of each photograph, 8-bit RGB, [cells,3]. */
  readonly colors: Uint8Array;
}

/** Items by a value, the first in front. */
export interface RankedItems {
  /** Rows of regions or indices of photographs. */
  readonly items: Uint32Array;
  /** Value of each item, descending. */
  readonly values: Float32Array;
}

/** Pairs of photographs, the most similar in front. */
export interface RankedPairs {
  /** Indices of photographs, [pairs,2], the smaller one first. */
  readonly pairs: Uint32Array;
  /** How much nearer each pair is than is usual for its two photographs, from 0 to 1, descending. */
  readonly values: Float32Array;
}

/** Photographs to label first. */
export interface Selection {
  /** Indices of photographs, in the order of their choice. */
  readonly photographs: Uint32Array;
  /** How well the first n of them cover all regions, from 0 to 1, for n from 1; each prototype counts the same. */
  readonly coverage: Float32Array;
  /** The same for random photographs: the mean of `draws`. */
  readonly random: Float32Array;
  readonly draws: number;
}

/** Class of the masks that most of a region's pixels belong to. */
export interface RegionClasses {
  /** Index into `names` for each region; -1 where there is no usable mask. */
  readonly classes: Int16Array;
  readonly names: readonly string[];
}

/** Folder of the browser's storage with the files of regions, each under the id of its run. */
export const REGIONS_FOLDER = 'regions';

/** File forms that regions are exported in. */
export const REGION_FORMS = ['parquet', 'csv', 'fiftyone', 'cvat'] as const;
export type RegionForm = (typeof REGION_FORMS)[number];

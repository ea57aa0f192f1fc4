/** A decoded image: interleaved 8-bit RGB, rows top to bottom, `data.length === width * height * 3`. */
export interface RgbImage {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** EXIF orientation: 1 upright, 2–4 mirrored or rotated by 180°, 5–8 with width and height swapped. */
export type Orientation = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8;

/** Size of an image in its file, in pixels, upright: after its orientation is applied. */
export interface ImageDimensions {
  readonly width: number;
  readonly height: number;
  /** How the file stores it. */
  readonly orientation: Orientation;
}

/** A change to an image's values that a person should know of: `stretched` to 8 bits, `first-channels` of many are used. */
export type Conversion = 'stretched' | 'first-channels';

/** A decoded file, or one image of a file that holds several. */
export interface DecodedFile {
  /** The working copy. */
  readonly image: RgbImage;
  readonly dimensions: ImageDimensions;
  readonly conversions: readonly Conversion[];
}

/** Working copies of a set of images, in a fixed order. */
export interface ImageSource {
  /** Name for the user: a folder's, or "sample scenes". */
  readonly name: string;
  readonly count: number;
  /** Hash of paths and sizes; stored in checkpoints, to detect another data set on resume. */
  readonly fingerprint: string;
  /** Path of image `index`, relative to the folder, `/` between parts. */
  path(index: number): string;
  dimensions(index: number): ImageDimensions;
  /** When the file was changed last, in ms since 1970; undefined where there is no file. */
  date?(index: number): number | undefined;
  get(index: number): Promise<RgbImage>;
}

/** A box x1, y1, x2, y2 in the unit coordinates of a crop. */
export type Box = readonly [number, number, number, number];

/** Two views of one image. */
export interface TwoCrops {
  /** Augmented views, 8-bit RGB of cropSize × cropSize, not yet normalized. */
  readonly crops: readonly [Uint8Array, Uint8Array];
  /** The overlap of the two crops in each view's own unit coordinates, mirrored where that view was flipped. */
  readonly coords: readonly [Box, Box];
  readonly flips: readonly [boolean, boolean];
}

/** A file that was skipped, with the reason. */
export interface SkippedFile {
  readonly path: string;
  /** For grouping. */
  readonly reason: SkipReason;
  /** One sentence for the user, with the numbers. */
  readonly detail: string;
}

export type SkipReason =
  | 'not-an-image'
  | 'unsupported'
  | 'empty'
  | 'truncated'
  | 'corrupt'
  | 'too-large'
  | 'unreadable';

/** A decoded picture: interleaved 8-bit RGB, rows top to bottom, `data.length === width * height * 3`. */
export interface RgbImage {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** Where the trainer gets its pictures from: working copies, in a fixed order. */
export interface ImageSource {
  /** What the person calls it: a folder's name, or "sample scenes". */
  readonly name: string;
  readonly count: number;
  /** Hash of paths and sizes; a checkpoint remembers it to notice another data set on resume. */
  readonly fingerprint: string;
  /** Name of picture `index`: its path below the folder, `/` between parts. */
  path(index: number): string;
  get(index: number): Promise<RgbImage>;
}

/** A box x1, y1, x2, y2 in the unit coordinates of a crop. */
export type Box = readonly [number, number, number, number];

/** What one picture contributes to a step. */
export interface TwoCrops {
  /** Augmented views, 8-bit RGB of cropSize × cropSize, not yet normalized. */
  readonly crops: readonly [Uint8Array, Uint8Array];
  /** The overlap of the two crops in each view's own unit coordinates, mirrored where that view was flipped. */
  readonly coords: readonly [Box, Box];
  readonly flips: readonly [boolean, boolean];
}

/** A file that was left out, and why. */
export interface SkippedFile {
  readonly path: string;
  /** Short reason for grouping: one fixed word each, see `SkipReason`. */
  readonly reason: SkipReason;
  /** One sentence for the person, with the numbers. */
  readonly detail: string;
}

export type SkipReason =
  'not-an-image' | 'unsupported' | 'empty' | 'truncated' | 'corrupt' | 'too-large' | 'unreadable';

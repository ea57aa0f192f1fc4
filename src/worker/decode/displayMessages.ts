/** An image to show: one of a file (`page` counts from 1), or a sample scene. */
export type DisplaySubject =
  | { readonly kind: 'file'; readonly file: File; readonly path: string; readonly page: number }
  | { readonly kind: 'scene'; readonly seed: number; readonly index: number };

/** Requests a display copy whose longer side has at most `longer` pixels; a worker makes one at a time. */
export interface ToDisplay {
  readonly subject: DisplaySubject;
  readonly longer: number;
}

export interface DisplayCopy {
  /** Whole and upright, with the colors of the working copy. */
  readonly bitmap: ImageBitmap;
  /** A larger copy would show nothing more. */
  readonly isFull: boolean;
}

/** The file can't be read any more. */
export type DisplayFailure = 'unreadable';

/** `ready` comes first, once. */
export type FromDisplay = 'ready' | DisplayCopy | DisplayFailure;

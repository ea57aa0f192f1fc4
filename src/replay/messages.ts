/** What an export of the history needs to know before its first frame. */
export interface ReplayRequest {
  /** gif: one frame a step, all images in each. strip: one row an image, one column a step, after the pictures. */
  readonly kind: 'gif' | 'strip';
  /** The watched images: size × size × 3 bytes each. */
  readonly pictures: readonly { readonly size: number; readonly rgb: Uint8Array }[];
  /** Prototypes of the run. */
  readonly prototypes: number;
  /** Of the overlay, 0…1. */
  readonly opacity: number;
  /** Frames a second. */
  readonly pace: number;
  readonly steps: number;
}

/** The segmentations of all pictures at one step, in their order. */
export interface ReplayStep {
  readonly step: number;
  readonly labels: readonly Uint16Array[];
}

export type ToReplay =
  | { readonly type: 'begin'; readonly request: ReplayRequest }
  | { readonly type: 'step'; readonly step: ReplayStep }
  | { readonly type: 'finish' };

/** Each message is answered by one: the next may come. */
export type FromReplay =
  | { readonly type: 'ready' }
  | { readonly type: 'done'; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly type: 'failed'; readonly message: string };

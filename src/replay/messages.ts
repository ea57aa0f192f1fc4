import type { ImageDimensions, RgbImage } from '../domain/images.ts';
import type { SlotGrid } from '../domain/slotGrid.ts';
import type { ReportData } from '../report/reportData.ts';

/** Everything about an export of the history that doesn't change between steps. */
export interface ReplayRequest {
  /** gif: one frame per step with all images. strip: one row per image; the image itself, then one column per step. */
  readonly kind: 'gif' | 'strip';
  /** The watched images. */
  readonly images: readonly ReplayImage[];
  /** Number of prototypes of the run. */
  readonly prototypes: number;
  /** Opacity of the overlays, 0…1. */
  readonly opacity: number;
  /** Of a gif. */
  readonly framesPerSecond: number;
  /** Number of steps that follow. */
  readonly steps: number;
}

/** Maximum longer side of an image in an export, in pixels. */
export const REPLAY_SIDE = 224;

export interface ReplayImage {
  /** Of the file, for its proportions. */
  readonly dimensions: ImageDimensions;
  readonly pixels: RgbImage;
}

/** The segmentations of all images at one step, in the order of the images. */
export interface ReplayStep {
  readonly step: number;
  readonly grids: readonly SlotGrid[];
}

/** Photographs, which replace the pixels of images, come before `begin`. */
export type ToReplay =
  | { readonly type: 'photograph'; readonly at: number; readonly bitmap: ImageBitmap }
  | { readonly type: 'begin'; readonly request: ReplayRequest }
  | { readonly type: 'step'; readonly step: ReplayStep }
  | { readonly type: 'finish' }
  /** Instead of the others: the report of a run. */
  | { readonly type: 'report'; readonly data: ReportData };

/** Each message gets one reply, after which the next may be sent. */
export type FromReplay =
  | { readonly type: 'ready' }
  | { readonly type: 'done'; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly type: 'failed'; readonly message: string };

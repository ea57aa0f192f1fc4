import type { RgbImage, SkippedFile } from '../../domain/images.ts';
import type { Thumbnail } from '../contracts.ts';

/** A file to decode; a worker has one at a time. */
export interface ToDecoder {
  readonly path: string;
  readonly file: File;
  readonly workingSize: number;
}

export interface DecodedImage {
  readonly image: RgbImage;
  readonly thumbnail: Thumbnail;
}

export type Decoded = DecodedImage | { readonly skipped: SkippedFile };

/** `ready` comes first, once. */
export type FromDecoder = 'ready' | Decoded;

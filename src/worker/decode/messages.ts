import type { DecodedFile, SkippedFile } from '../../domain/images.ts';
import type { Thumbnail } from '../contracts.ts';

/** A file to decode; a worker has one at a time. */
export interface ToDecoder {
  readonly path: string;
  readonly file: File;
  readonly workingSize: number;
}

export interface DecodedImage extends DecodedFile {
  readonly thumbnail: Thumbnail;
}

export type Decoded = DecodedImage | { readonly skipped: SkippedFile };

/** `ready` comes first, once. */
export type FromDecoder = 'ready' | Decoded;

import type { FileImage } from '../../data/decode/decode.ts';
import type { SkippedFile } from '../../domain/images.ts';
import type { Thumbnail } from '../contracts.ts';

/** A file to decode; a worker has one at a time. */
export interface DecodeJob {
  readonly path: string;
  readonly file: File;
  readonly workingSize: number;
}

/** `next` asks for the next image of a file. */
export type ToDecoder = DecodeJob | 'next';

/** An image of a file. */
export type Decoded =
  | (Exclude<FileImage, { readonly skipped: SkippedFile }> & { readonly thumbnail: Thumbnail })
  | { readonly skipped: SkippedFile };

/** `ready` comes first, once; `done` after the last image of a file. */
export type FromDecoder = 'ready' | 'done' | Decoded;

import type { RgbImage } from '../../domain/images.ts';
import type { MaskOptions } from '../../domain/maskForms.ts';
import type { Color } from '../../domain/palette.ts';
import type { ZipStream } from '../../lib/zip/zipStream.ts';
import type { ImageMask } from './imageMask.ts';

/** A class of the masks; its place in the list is its index. */
export interface MaskClass {
  readonly name: string;
  readonly color: Color;
}

/** The photographs that masks belong to. */
export interface Photographs {
  /** The image upright, in width × height pixels. */
  read(imageIndex: number, width: number, height: number): Promise<RgbImage>;
  encodeJpeg(image: RgbImage): Promise<Uint8Array>;
}

export interface WriterContext {
  readonly zip: Pick<ZipStream, 'add'>;
  readonly classes: readonly MaskClass[];
  readonly options: MaskOptions;
  /** One line on where the masks come from. */
  readonly description: string;
  readonly photographs: Photographs;
  /** Makes a name of the zip unique: folders that were dropped together may hold the same path. */
  unusedName(path: string, ending: string): string;
}

/** Writes masks in one form. Of a written mask only what the end needs is kept. */
export interface MaskWriter {
  add(mask: ImageMask): void | Promise<void>;
  /** Writes the files about all masks. */
  end(): void;
}

export type CreateMaskWriter = (context: WriterContext) => MaskWriter;

/** Path without the ending of the file; the number of a page stays. */
export function stemOf(path: string): string {
  return path.replace(/\.[^./#]+(#\d+)?$/, '$1');
}

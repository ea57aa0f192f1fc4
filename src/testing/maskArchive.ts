import { unzipSync } from 'fflate';
import { NO_CLASSES } from '../domain/classes.ts';
import type { ImageSource, Orientation } from '../domain/images.ts';
import { DEFAULT_MASK_OPTIONS } from '../domain/maskForms.ts';
import { maskArchive, type MaskArchiveOptions } from '../inference/masks/maskArchive.ts';
import { joinChunks } from '../lib/joinChunks.ts';
import type { LabelMap } from './masks.ts';

/** An image that has a mask. */
export interface MaskedFile extends LabelMap {
  readonly path: string;
  readonly orientation?: Orientation;
}

const refuse = (): Promise<never> => Promise.reject(new Error('no form needs the photographs'));

/** Chunks of an archive of masks, whose labels are prototypes. */
export function maskChunks(
  files: readonly MaskedFile[],
  prototypes: number,
  more: Partial<MaskArchiveOptions> = {},
): ReturnType<typeof maskArchive> {
  const images: Partial<ImageSource> = {
    name: 'photos',
    count: files.length,
    path: (index) => files[index].path,
    dimensions: (index) => {
      const { width, height, orientation = 1 } = files[index];
      return { width, height, orientation };
    },
  };
  return maskArchive(iterate(files), {
    images: images as ImageSource,
    classes: NO_CLASSES,
    prototypes,
    step: 7,
    options: DEFAULT_MASK_OPTIONS,
    photographs: { read: refuse, encodeJpeg: refuse },
    ...more,
  });
}

/** Files of such an archive. */
export async function unzippedMasks(...input: Parameters<typeof maskChunks>): Promise<Record<string, Uint8Array>> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of maskChunks(...input)) chunks.push(chunk);
  return unzipSync(joinChunks(chunks));
}

async function* iterate(files: readonly MaskedFile[]) {
  for (const [imageIndex, { width, height, labels }] of files.entries()) {
    yield await Promise.resolve({ imageIndex, width, height, labels: labels.slice() });
  }
}

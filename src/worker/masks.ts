import type { ImageSource } from '../domain/images.ts';
import type { MaskSet } from '../data/masks/maskSet.ts';
import type { MaskMatch } from '../data/masks/matchMasks.ts';
import { errorMessage, UserError } from '../lib/errors.ts';
import type { ScoredImages } from '../inference/labeledImages.ts';
import { createMaskedImages, type MaskedImages } from '../inference/maskedImages.ts';
import type { MaskFile } from './contracts.ts';

/** Masks of the images: one set at a time, replaced by the next. */
export interface Masks {
  set(files: readonly MaskFile[]): void;
  match(images: ImageSource): Promise<MaskMatch>;
  setOf(images: ImageSource): Promise<MaskSet>;
  /** See `MaskedImages`. */
  choose(images: ImageSource, ...rest: Parameters<MaskedImages['choose']>): Promise<ScoredImages>;
}

interface Opened {
  readonly set: MaskSet;
  readonly masked: MaskedImages;
}

export function createMasks(): Masks {
  let files: readonly MaskFile[] = [];
  /** By the images that they were opened for. */
  let opened = new WeakMap<ImageSource, Promise<Opened>>();
  const open = (images: ImageSource): Promise<Opened> => {
    const known = opened.get(images);
    if (known) return known;
    const opening = openAll(images, files);
    opened.set(images, opening);
    return opening;
  };
  return {
    set: (list) => {
      files = list;
      opened = new WeakMap();
    },
    match: async (images) => (await open(images)).set.match,
    setOf: async (images) => (await open(images)).set,
    choose: async (images, ...rest) => (await open(images)).masked.choose(...rest),
  };
}

async function openAll(images: ImageSource, files: readonly MaskFile[]): Promise<Opened> {
  // Loaded when wanted: it decodes PNGs and draws polygons.
  const { openMaskSet } = await import('../data/masks/maskSet.ts');
  const set = await openMaskSet(
    images,
    files.map(({ path, file }) => ({ path, read: () => bytesOf(file, path) })),
  );
  return { set, masked: createMaskedImages(images, set) };
}

async function bytesOf(file: File, path: string): Promise<Uint8Array> {
  try {
    return new Uint8Array(await file.arrayBuffer());
  } catch (thrown) {
    throw new UserError(
      'mask/unreadable',
      `The mask "${path}" can't be read (${errorMessage(thrown)}). If it was moved or changed, choose the folder again.`,
    );
  }
}

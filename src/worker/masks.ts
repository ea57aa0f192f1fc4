import type { Config } from '../config/fields.ts';
import type { ImageSource } from '../domain/images.ts';
import { decodeMask } from '../data/masks/mask.ts';
import { matchMasks } from '../data/masks/matchMasks.ts';
import { errorMessage, UserError } from '../lib/errors.ts';
import { toLabeledImage, type LabeledImages } from '../inference/labeledImages.ts';
import type { MaskFile } from './contracts.ts';

/** Masks of the images: one set at a time, replaced by the next. */
export interface Masks {
  set(files: readonly MaskFile[]): void;
  /** Number of images that have a mask. */
  count(images: ImageSource): number;
  /** The images that have a mask; throws `masks/none` if there are none. */
  pairs(images: ImageSource, config: Config): LabeledImages;
}

export function createMasks(): Masks {
  let files: readonly MaskFile[] = [];
  const match = (images: ImageSource): readonly { readonly index: number; readonly mask: number }[] => {
    const paths = Array.from({ length: images.count }, (_, index) => images.path(index));
    const masks = matchMasks(
      paths,
      files.map(({ path }) => path),
    );
    return [...masks].map((mask, index) => ({ index, mask })).filter(({ mask }) => mask >= 0);
  };
  return {
    set: (list) => {
      files = list;
    },
    count: (images) => match(images).length,
    pairs: (images, config) => {
      const matched = match(images);
      if (matched.length === 0) {
        throw new UserError(
          'masks/none',
          `None of the ${images.count} images has a mask of its name among ${files.length} files. Masks are PNG files called as their images are.`,
        );
      }
      return {
        count: matched.length,
        get: async (at) => {
          const { index, mask } = matched[at];
          const { path, file } = files[mask];
          return toLabeledImage(await images.get(index), decodeMask(await bytesOf(file, path), path), config);
        },
      };
    },
  };
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

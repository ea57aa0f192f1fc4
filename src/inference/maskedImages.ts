import type { Config } from '../config/fields.ts';
import type { MaskSet } from '../data/masks/maskSet.ts';
import type { ImageSource } from '../domain/images.ts';
import { UserError } from '../lib/errors.ts';
import { evenly } from '../lib/evenly.ts';
import { toLabeledImage, type ScoredImages } from './labeledImages.ts';

/** Awaited; what it throws ends the work. */
type OnFraction = (fraction: number) => Promise<void> | undefined;

/** Labeled images of a set of masks. */
export interface MaskedImages {
  /**
   * Images that have a mask, up to `limit`, evenly spread. Their masks are looked at first, each once: those that can't be used
   * are left out. Throws `masks/none` if there are none, and `masks/unusable` if more than half can't be used.
   */
  choose(config: Config, limit?: number, onProgress?: OnFraction): Promise<ScoredImages>;
}

export function createMaskedImages(images: ImageSource, masks: MaskSet): MaskedImages {
  const { count, maskOf, how } = masks.match;
  const masked = [...maskOf.keys()].filter((index) => maskOf[index] >= 0);
  /** Why a mask can't be used; undefined for good ones. */
  const verdicts = new Map<number, string | undefined>();
  const check = async (index: number): Promise<void> => {
    if (verdicts.has(index)) return;
    try {
      await masks.check(index);
      verdicts.set(index, undefined);
    } catch (thrown) {
      if (!(thrown instanceof UserError)) throw thrown;
      verdicts.set(index, thrown.message);
    }
  };
  return {
    choose: async (config, limit = Infinity, onProgress) => {
      if (count === 0) throw noneMatched(images, how);
      const chosen = evenly(masked, limit);
      for (const [done, index] of chosen.entries()) {
        await onProgress?.(done / chosen.length);
        await check(index);
      }
      const leftOut = chosen.flatMap((index) => verdicts.get(index) ?? []);
      if (2 * leftOut.length > chosen.length) throw unusable(leftOut, chosen.length);
      masks.checkAll();
      const usable = chosen.filter((index) => verdicts.get(index) === undefined);
      return {
        count: usable.length,
        available: count,
        leftOut,
        className: masks.className,
        get: async (at) => toLabeledImage(await images.get(usable[at]), await masks.read(usable[at]), config),
      };
    },
  };
}

function noneMatched({ count }: ImageSource, how: string): UserError {
  return new UserError(
    'masks/none',
    `None of the ${count} images has a mask: ${how}. Masks are PNGs named as their images are, up to one suffix or prefix; annotations name the files of images.`,
  );
}

function unusable(leftOut: readonly string[], of: number): UserError {
  return new UserError('masks/unusable', `${leftOut.length} of ${of} masks can't be used. The first: ${leftOut[0]}`);
}

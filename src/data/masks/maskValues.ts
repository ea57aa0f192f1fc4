import { UserError } from '../../lib/errors.ts';
import type { Mask } from './mask.ts';

/** Pixels of every value, and how many of them end a 2×2 block of that value. */
export type ValueTally = Map<number, { pixels: number; blocks: number }>;

/**
 * Resizing with smoothing, and JPEG, put values between those of the classes along every edge: in lines a pixel wide and in
 * specks. A region of a class or of an instance is made of blocks, unless it is tiny.
 */
const MAX_BLOCKS_PER_STRAY_PIXEL = 0.1;
/** Fewer stray values may be classes of tiny objects. */
const MIN_STRAYS = 7;
/** Values looked at in one mask: no more can be told apart anyway. */
const MAX_VALUES = 4096;

/** Counts the values of a mask, until there are too many. */
export function tallyValues({ width, height, data }: Mask): ValueTally {
  const tally: ValueTally = new Map();
  let value = -1;
  let counted = { pixels: 0, blocks: 0 };
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at++) {
      const here = data[at];
      if (here !== value) {
        value = here;
        counted = tally.get(here) ?? { pixels: 0, blocks: 0 };
        if (counted.pixels === 0) tally.set(here, counted);
      }
      counted.pixels++;
      const isBlock = x > 0 && y > 0 && data[at - 1] === here && data[at - width] === here;
      if (isBlock && data[at - width - 1] === here) counted.blocks++;
    }
    if (tally.size > MAX_VALUES) break;
  }
  return tally;
}

/** Adds a mask's tally to that of a whole set. */
export function addTally(all: ValueTally, one: ValueTally): void {
  for (const [value, { pixels, blocks }] of one) {
    const sum = all.get(value);
    all.set(value, { pixels: pixels + (sum?.pixels ?? 0), blocks: blocks + (sum?.blocks ?? 0) });
  }
}

/** Throws `metrics/mask-values` if most of the values are stray ones. `what` is the subject of the sentence. */
export function checkValues(tally: ValueTally, what: string): void {
  const strays = [...tally.values()].filter(
    ({ pixels, blocks }) => blocks < MAX_BLOCKS_PER_STRAY_PIXEL * pixels,
  ).length;
  if (strays < MIN_STRAYS || 2 * strays <= tally.size) return;
  const count = tally.size > MAX_VALUES ? `more than ${MAX_VALUES}` : tally.size;
  throw new UserError(
    'metrics/mask-values',
    `${what} ${count} different values, ${strays} of them only in specks and thin lines, as smooth resizing and JPEG compression leave them, and photographs have them. Export masks as PNG, resized with nearest neighbor.`,
  );
}

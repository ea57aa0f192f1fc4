import { evenly } from '../../lib/evenly.ts';

/** A name that an image or a mask goes by: "a/b_mask.png" is "a/", "b_mask" and ".png". */
export interface FileName {
  /** With its slash; '' at the top. */
  readonly folder: string;
  readonly base: string;
  /** With its dot, in lower case; '' for none. */
  readonly ending: string;
  /** "#3" of a page of a file that holds several images; '' for others. */
  readonly page: string;
}

/** What an image's and its mask's base name have around the part that they share. */
export interface Affix {
  readonly at: 'prefix' | 'suffix';
  readonly image: string;
  readonly mask: string;
}

/** Number of images, evenly spread, whose most similar masks are looked at. */
const SAMPLED_IMAGES = 200;
/** Number of masks most similar to an image that are looked at, on each side of it in sorted order. */
const NEIGHBORS = 8;
/** Number of candidates returned. */
const MAX_CANDIDATES = 16;

const SEPARATORS = '_-. ()';

/** Base name without the affix; undefined if it lacks it. */
export function withoutAffix(base: string, at: Affix['at'], affix: string): string | undefined {
  if (at === 'suffix') return base.endsWith(affix) ? base.slice(0, base.length - affix.length) : undefined;
  return base.startsWith(affix) ? base.slice(affix.length) : undefined;
}

/** Affixes by which some images and masks differ, those of most images first. */
export function candidateAffixes(images: readonly FileName[], masks: readonly FileName[]): Affix[] {
  const votes = new Map<string, { readonly affix: Affix; count: number }>();
  const vote = (affix: Affix): void => {
    const key = JSON.stringify(affix);
    const found = votes.get(key);
    if (found) found.count += 1;
    else votes.set(key, { affix, count: 1 });
  };
  const sampled = evenly(images, SAMPLED_IMAGES);
  // Whole paths too: where folders name what is shown, as in "7/rgb.png" and "7/mask.png", base names share nothing.
  const paths = masks.map(({ folder, base }) => folder + base).sort();
  const bases = masks.map(({ base }) => base).sort();
  const mirrored = masks.map(({ base }) => reversed(base)).sort();
  for (const { folder, base } of sampled) {
    for (const { root, image, mask } of similar(folder + base, paths)) {
      if (root.length < folder.length || mask.includes('/')) continue;
      addSuffix(root.slice(folder.length), image, mask, root.length > 0, vote);
    }
    for (const { root, image, mask } of similar(base, bases)) addSuffix(root, image, mask, false, vote);
    for (const { root, image, mask } of similar(reversed(base), mirrored)) {
      addPrefix(reversed(root), reversed(image), reversed(mask), vote);
    }
  }
  return [...votes.values()]
    .sort((one, other) => other.count - one.count)
    .slice(0, MAX_CANDIDATES)
    .map(({ affix }) => affix);
}

/** A name as the part that it shares with another one's beginning, and the rests of both. */
interface Split {
  readonly root: string;
  readonly image: string;
  readonly mask: string;
}

/** Splits by the masks that share the longest beginning with an image. */
function similar(image: string, sorted: readonly string[]): Split[] {
  const place = lowerBound(sorted, image);
  const near = sorted.slice(Math.max(0, place - NEIGHBORS), place + NEIGHBORS);
  const lengths = near.map((mask) => sharedLength(image, mask));
  const longest = Math.max(0, ...lengths);
  if (longest === 0) return [];
  return near
    .filter((_, at) => lengths[at] === longest)
    .map((mask) => ({ root: image.slice(0, longest), image: image.slice(longest), mask: mask.slice(longest) }));
}

function addSuffix(root: string, image: string, mask: string, rootless: boolean, vote: (affix: Affix) => void): void {
  if (image === '' && mask === '') return;
  let end = root.length;
  if (image !== '' && mask !== '') {
    // "x_left" and "x_label" share an "l" by chance: each begins where a word does.
    while (end > 0 && !isSeparator(root[end - 1])) end--;
    if (end > 0) end--;
  }
  const affix = { at: 'suffix', image: root.slice(end) + image, mask: root.slice(end) + mask } as const;
  const last = root.slice(0, end).slice(-1);
  if ((end === 0 && !rootless) || isNumbering(affix) || cutsNumber(last, affix.image) || cutsNumber(last, affix.mask))
    return;
  vote(affix);
}

function addPrefix(root: string, image: string, mask: string, vote: (affix: Affix) => void): void {
  if (image === '' && mask === '') return;
  let start = 0;
  if (image !== '' && mask !== '') {
    while (start < root.length && !isSeparator(root[start])) start++;
    if (start < root.length) start++;
  }
  const affix = { at: 'prefix', image: image + root.slice(0, start), mask: mask + root.slice(0, start) } as const;
  const first = root.slice(start, start + 1);
  if (first === '' || isNumbering(affix) || cutsNumber(affix.image, first) || cutsNumber(affix.mask, first)) return;
  vote(affix);
}

/** True for names that count differently ("x_1" and "x_2"): they show different things. */
const isNumbering = ({ image, mask }: Affix): boolean => /^\W*_?\d+\W*_?$/.test(image) && /^\W*_?\d+\W*_?$/.test(mask);

/** True if both strings, one behind the other, join their digits: "1" is no part that "1" and "10" share. */
const cutsNumber = (before: string, after: string): boolean => /\d$/.test(before) && /^\d/.test(after);

const isSeparator = (character: string): boolean => SEPARATORS.includes(character);

function sharedLength(one: string, other: string): number {
  let length = 0;
  while (length < one.length && one.charCodeAt(length) === other.charCodeAt(length)) length++;
  return length;
}

/** Index of the first entry that isn't before `name`. */
function lowerBound(sorted: readonly string[], name: string): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle] < name) low = middle + 1;
    else high = middle;
  }
  return low;
}

const reversed = (text: string): string => Array.from(text).reverse().join('');

import { candidateAffixes, withoutAffix, type Affix, type FileName } from './affixes.ts';

/** The mask of each image, and how they were matched. */
export interface MaskMatch {
  /** Index of each image's mask, −1 for none. */
  readonly maskOf: Int32Array<ArrayBuffer>;
  /** Number of images that have a mask. */
  readonly count: number;
  /** In words: "200 masks matched by the suffix _mask". Without a match, what an image and a mask are called. */
  readonly how: string;
}

interface Tried {
  /** Undefined for names alike. */
  readonly affix: Affix | undefined;
  readonly maskOf: Int32Array<ArrayBuffer>;
  readonly count: number;
}

/**
 * Matches images with masks by name. `a/b.jpg` matches `a/b.jpg.png` (as masks are exported), else `a/b.png`, else the only
 * mask named `b.png` in any folder, if no other image is named `b`. A folder `masks` that holds all masks is not part of
 * their names. Where a suffix or prefix common to masks, images or both matches more, it is left out of the names; of
 * several that match equally many, the one with a word for masks comes first, then names alike, the shortest, the alphabet.
 */
export function matchMasks(images: readonly string[], masks: readonly string[]): MaskMatch {
  const prefix = masks.every((path) => path.startsWith('masks/')) ? 'masks/'.length : 0;
  const maskNames = masks.map((path) => nameOf(path.slice(prefix)));
  const imageNames = images.map(nameOf);
  const plain = match(imageNames, maskNames, undefined);
  // Where every mask is in use, no affix can match more.
  const affixes = plain.count === masks.length ? [] : candidateAffixes(imageNames, maskNames);
  const tried = affixes.map((affix) => match(imageNames, maskNames, affix)).filter(isConvincing(maskNames));
  const [best, ...others] = [plain, ...tried].sort(byPreference);
  const { maskOf, count } = best;
  if (count === 0) return { maskOf, count, how: noMatch(images, masks) };
  return { maskOf, count, how: `${plural(count)} matched by ${wordsOf(best)}${passedOver(best, others)}` };
}

/**
 * Matches images with the files that annotations name: by path, with or without its ending, else by a base name that both
 * have once.
 */
export function matchFileNames(images: readonly string[], files: readonly string[]): MaskMatch {
  const { maskOf, count } = match(images.map(nameOf), files.map(nameOf), undefined, true);
  return {
    maskOf,
    count,
    how:
      count === 0
        ? noMatch(images, files, 'an annotated one')
        : `annotations for ${count} ${count === 1 ? 'image' : 'images'} matched by name`,
  };
}

/** `withEndings`: the masks are files of images, and not PNGs of their names. */
function match(
  images: readonly FileName[],
  masks: readonly FileName[],
  affix: Affix | undefined,
  withEndings = false,
): Tried {
  const strip = (base: string, of: 'image' | 'mask'): string | undefined =>
    affix ? withoutAffix(base, affix.at, affix[of]) : base;
  const byPath = new Map<string, number>();
  const byBase = createUnique();
  masks.forEach(({ folder, base, ending }, index) => {
    const name = strip(base, 'mask');
    if (name === undefined) return;
    byPath.set(folder + lowerEnding(name), index);
    if (withEndings) byPath.set(folder + name + ending, index);
    byBase.add(name, index);
  });
  const bases = images.map(({ base }) => strip(base, 'image'));
  const imagesByBase = createUnique();
  images.forEach(({ page }, index) => bases[index] !== undefined && imagesByBase.add(bases[index] + page, index));
  const maskOf = Int32Array.from(images, ({ folder, ending, page }, index) => {
    const base = bases[index];
    if (base === undefined) return -1;
    return (
      byPath.get(folder + base + ending + page) ??
      byPath.get(folder + lowerEnding(base) + page) ??
      (imagesByBase.has(base + page) ? byBase.get(base + page) : undefined) ??
      -1
    );
  });
  return { affix, maskOf, count: maskOf.reduce((sum, mask) => sum + (mask >= 0 ? 1 : 0), 0) };
}

/**
 * A few names are alike by chance: an affix has to match half of the images or half of the masks that have it, and more than
 * one where it replaces another.
 */
const isConvincing =
  (masks: readonly FileName[]) =>
  ({ affix, maskOf, count }: Tried): boolean => {
    if (!affix || count === 0) return false;
    if (count === 1 && affix.image !== '' && affix.mask !== '') return false;
    const having = masks.filter(({ base }) => withoutAffix(base, affix.at, affix.mask) !== undefined).length;
    return 2 * count >= Math.min(having, maskOf.length);
  };

/** Words in the names of masks, as labeling tools write them. */
const MASK_WORDS = /mask|label|seg|annot/i;

function byPreference(one: Tried, other: Tried): number {
  if (one.count !== other.count) return other.count - one.count;
  const [a, b] = [one.affix?.mask ?? '', other.affix?.mask ?? ''];
  const words = Number(MASK_WORDS.test(b)) - Number(MASK_WORDS.test(a));
  if (words !== 0) return words;
  if (!one.affix || !other.affix) return one.affix ? 1 : -1;
  return a.length - b.length || (a < b ? -1 : 1);
}

function wordsOf({ affix }: Tried): string {
  if (!affix) return 'name';
  const { at, image, mask } = affix;
  if (mask === '') return `name without the ${at} ${image} of the images`;
  return `the ${at} ${mask}${image === '' ? '' : ` in place of ${image}`}`;
}

/** Masks that would match too: at least half as many. */
function passedOver(best: Tried, others: readonly Tried[]): string {
  const names = others.filter(({ count }) => 2 * count >= best.count && count > 0).map(nameOfTried);
  if (names.length === 0) return '';
  const more = names.length > 3 ? ` and ${names.length - 3} more` : '';
  return `, not by ${names.slice(0, 3).join(', ')}${more}`;
}

const nameOfTried = ({ affix }: Tried): string => (!affix ? 'name' : affix.mask || affix.image);

const plural = (count: number): string => `${count} ${count === 1 ? 'mask' : 'masks'}`;

function noMatch(images: readonly string[], masks: readonly string[], mask = 'a mask'): string {
  if (images.length === 0 || masks.length === 0) return 'none matched';
  return `none matched: an image is called "${images[0]}", ${mask} "${masks[0]}"`;
}

/** Letters in the composed form: a Mac's names have it decomposed. */
function nameOf(path: string): FileName {
  const whole = path.normalize('NFC').replaceAll('\\', '/');
  const page = /\.\w+(#\d+)$/.exec(whole)?.[1] ?? '';
  const name = whole.slice(0, whole.length - page.length);
  const slash = name.lastIndexOf('/') + 1;
  const dot = name.lastIndexOf('.');
  const end = dot < slash ? name.length : dot;
  return { folder: name.slice(0, slash), base: name.slice(slash, end), ending: name.slice(end).toLowerCase(), page };
}

/** The mask of "b.JPG" may be called "b.JPG.png" or "b.jpg.png". */
const lowerEnding = (base: string): string => base.replace(/\.[^.]*$/, (ending) => ending.toLowerCase());

/** Map without names that were added more than once. */
function createUnique() {
  const found = new Map<string, number | undefined>();
  return {
    add: (name: string, index: number): void => void found.set(name, found.has(name) ? undefined : index),
    get: (name: string): number | undefined => found.get(name),
    has: (name: string): boolean => found.get(name) !== undefined,
  };
}

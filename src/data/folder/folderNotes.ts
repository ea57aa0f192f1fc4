import type { Conversion, DecodedFile } from '../../domain/images.ts';
import type { Note } from '../../domain/note.ts';
import { isNearlySame, tinyGray, type TinyGray } from './tinyGray.ts';

/** Collects while a folder is read what a person should know of its images before a run. */
export interface FolderCensus {
  add(decoded: DecodedFile): void;
  /** About the images added so far, the gravest first. */
  notes(): readonly Note[];
  /** Number of different images among those added; beyond `MAX_COMPARED` they are not counted further. */
  different(): number;
}

/** Fewer different images teach hardly more than themselves. */
const MIN_DIFFERENT = 30;
/** Below this fraction of different images nearly all are duplicates. */
const MIN_DIFFERENT_FRACTION = 0.1;
/** So many different images are enough whatever their fraction: no more are compared. Holds memory to 100 KB. */
const MAX_COMPARED = 1000;
/** Smaller images are enlarged beyond what their pixels show. */
const MIN_SIDE = 64;
/** Standard deviation of gray, of 255 levels, below which an image is of one color but for noise. */
const MIN_DEVIATION = 3;

export function createFolderCensus(): FolderCensus {
  const different: TinyGray[] = [];
  const converted = new Map<Conversion, number>();
  let [count, blank, small] = [0, 0, 0];

  return {
    different: () => different.length,
    add: ({ image, dimensions, conversions }) => {
      count += 1;
      const tiny = tinyGray(image);
      if (tiny.pixelDeviation < MIN_DEVIATION) blank += 1;
      if (Math.min(dimensions.width, dimensions.height) < MIN_SIDE) small += 1;
      for (const conversion of conversions) converted.set(conversion, (converted.get(conversion) ?? 0) + 1);
      if (different.length < MAX_COMPARED && !different.some((other) => isNearlySame(tiny, other)))
        different.push(tiny);
    },
    notes: () => {
      const notes = [
        blankNote(blank, count) ?? varietyNote(different.length, count),
        smallNote(small, count),
        ...[...converted].map(([conversion, many]) => info(CONVERTED[conversion](many))),
      ];
      const said = notes.filter((note) => note !== undefined);
      return [...said.filter(({ level }) => level === 'warning'), ...said.filter(({ level }) => level === 'info')];
    },
  };
}

const info = (text: string): Note => ({ level: 'info', text });
const warning = (text: string): Note => ({ level: 'warning', text });

function blankNote(blank: number, count: number): Note | undefined {
  if (blank <= count / 2) return undefined;
  const which =
    count === 1 ? 'The only image is' : `${blank === count ? `All ${count}` : `${blank} of ${count}`} images are`;
  return warning(`${which} black or of a single color: there is nothing in them to learn. Look at the files.`);
}

function varietyNote(different: number, count: number): Note | undefined {
  const duplicates = different < count;
  if (count > 0 && different < MIN_DIFFERENT) {
    const which = `Only ${different} ${duplicates ? 'different ' : ''}image${different === 1 ? '' : 's'}`;
    const among = duplicates ? ` among ${count}; the others nearly repeat them` : '';
    return warning(`${which}${among}: slots need variety, a hundred images or more are better.`);
  }
  if (different >= MAX_COMPARED || different >= MIN_DIFFERENT_FRACTION * count) return undefined;
  return warning(
    `Nearly all images are duplicates: only ${different} of ${count} are different. More steps won't make up for variety.`,
  );
}

function smallNote(small: number, count: number): Note | undefined {
  if (small === 0) return undefined;
  const which = small === 1 ? '1 image is' : `${small === count ? `All ${small}` : small} images are`;
  const text = `${which} under ${MIN_SIDE} pixels on a side: enlarged for training, ${small === 1 ? 'it looks' : 'they look'} blurred.`;
  return small > count / 2 ? warning(text) : info(text);
}

/** What was done to some images. */
const CONVERTED: Readonly<Record<Conversion, (count: number) => string>> = {
  stretched: (count) =>
    count === 1
      ? '1 image of more than 8 bits is stretched from its 0.1 to its 99.9 percentile.'
      : `${count} images of more than 8 bits are stretched from their 0.1 to their 99.9 percentile, each by itself.`,
  'first-channels': (count) =>
    `${count} image${count === 1 ? ' has' : 's have'} more than 4 channels: the first three are used.`,
};

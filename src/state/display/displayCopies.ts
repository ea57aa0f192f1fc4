import type { DisplayCopy } from '../../worker/decode/displayMessages.ts';

/** An image that is shown. */
export interface DisplayImage {
  /** Equal for the same image of the same folder. */
  readonly key: string;
  /** Makes a copy whose longer side has at most so many pixels; undefined if its file can't be read any more. */
  load(longer: number): Promise<DisplayCopy | undefined>;
}

/**
 * Copies of photographs at the resolution of the screen, made when they are wanted and kept within a budget of memory.
 */
export interface DisplayCopies {
  /**
   * Wants a copy whose longer side has exactly `side` pixels (scaling once more would blur it), until the returned function is called: while the image is on the
   * screen. `onChange` is called when `get` gives something else.
   */
  want(image: DisplayImage, side: number, onChange: () => void): () => void;
  /** The best copy for this side that is there. A copy that makes room for others is closed, which leaves it without size. */
  get(image: DisplayImage, side: number): ImageBitmap | undefined;
  /** Memory of all copies. */
  bytes(): number;
}

/** Another copy this much larger than wanted stands in until the right one is made; drawing a larger one takes too long. */
const MAX_EXCESS = 2;
/** Memory of all copies: some 80 watched images at 1024 px, or two photographs of 24 megapixels. */
export const DISPLAY_BYTES = 256 * 2 ** 20;
/** Copies made at a time: training and the reading of a folder need the other cores. */
const CONCURRENCY = 2;

interface Entry {
  readonly copies: Map<number, Copy>;
  readonly loading: Set<number>;
  /** Longer side of the copy that shows all that the file has, once there was one. */
  fullSide: number;
  failed: boolean;
}

interface Copy {
  readonly bitmap: ImageBitmap;
  readonly bytes: number;
  usedAt: number;
}

interface Want {
  readonly image: DisplayImage;
  readonly entry: Entry;
  readonly side: number;
  readonly onChange: () => void;
  /** Wants of the same moment have the same number. */
  readonly moment: number;
  /** Its copy had to make room: made again only when it is wanted anew. */
  isGivenUp: boolean;
}

export function createDisplayCopies(budgetBytes = DISPLAY_BYTES, concurrency = CONCURRENCY): DisplayCopies {
  const entries = new Map<string, Entry>();
  /** Oldest first. */
  const wants = new Set<Want>();
  let [bytes, active, clock, moment] = [0, 0, 0, 0];

  const entryOf = ({ key }: DisplayImage): Entry => {
    const known = entries.get(key);
    if (known) return known;
    const entry: Entry = { copies: new Map(), loading: new Set(), fullSide: Infinity, failed: false };
    entries.set(key, entry);
    return entry;
  };
  /** What has come to the screen last comes first; of the same moment, what comes first on the page. */
  const nextWant = (): Want | undefined => {
    let next: Want | undefined;
    for (const want of wants) {
      if (isOpen(want) && (!next || want.moment > next.moment)) next = want;
    }
    return next;
  };
  const pump = (): void => {
    while (active < concurrency) {
      const next = nextWant();
      if (!next) return;
      active++;
      void load(next).finally(() => {
        active--;
        pump();
      });
    }
  };
  const load = async ({ image, entry, side }: Want): Promise<void> => {
    entry.loading.add(side);
    const made = await image.load(side).catch(() => undefined);
    entry.loading.delete(side);
    if (!made) {
      entry.failed = true;
      return;
    }
    const { bitmap, isFull } = made;
    if (isFull) entry.fullSide = Math.max(bitmap.width, bitmap.height);
    const copy = { bitmap, bytes: 4 * bitmap.width * bitmap.height, usedAt: ++clock };
    const key = isFull ? entry.fullSide : side;
    // Two sides that the file falls short of, made at the same time.
    if (entry.copies.has(key)) remove(entry, key);
    entry.copies.set(key, copy);
    bytes += copy.bytes;
    const changed = new Set([entry]);
    while (bytes > budgetBytes) changed.add(drop());
    for (const want of wants) if (changed.has(want.entry)) want.onChange();
  };
  const remove = ({ copies }: Entry, side: number): void => {
    const copy = copies.get(side);
    copies.delete(side);
    bytes -= copy?.bytes ?? 0;
    copy?.bitmap.close();
  };
  /** Closes the copy that was used least recently, of those that are not on the screen where there are any. */
  const drop = (): Entry => {
    const shown = new Set([...wants].map(({ entry, side }) => bestCopy(entry, side)?.[1]));
    const all = [...entries.values()].flatMap((entry) =>
      [...entry.copies].map(([side, copy]) => ({ entry, side, copy })),
    );
    const [victim] = all.sort(
      (one, other) =>
        Number(shown.has(one.copy)) - Number(shown.has(other.copy)) || one.copy.usedAt - other.copy.usedAt,
    );
    const { entry, side, copy } = victim;
    if (shown.has(copy)) for (const want of wants) if (want.entry === entry) want.isGivenUp = true;
    remove(entry, side);
    return entry;
  };

  return {
    want: (image, wanted, onChange) => {
      const want: Want = { image, entry: entryOf(image), side: Math.ceil(wanted), onChange, moment, isGivenUp: false };
      wants.add(want);
      queueMicrotask(() => {
        moment = want.moment + 1;
        pump();
      });
      return () => void wants.delete(want);
    },
    get: (image, wanted) => {
      const entry = entries.get(image.key);
      const best = entry && bestCopy(entry, Math.ceil(wanted));
      if (!best) return undefined;
      best[1].usedAt = ++clock;
      return best[1].bitmap;
    },
    bytes: () => bytes,
  };
}

/** Whether a copy has to be made for it. */
function isOpen({ entry, side, isGivenUp }: Want): boolean {
  return !isGivenUp && !entry.failed && !entry.loading.has(side) && !entry.copies.has(Math.min(side, entry.fullSide));
}

/** The smallest copy that suffices, else the largest. */
function bestCopy({ copies }: Entry, side: number): readonly [side: number, copy: Copy] | undefined {
  const usable = [...copies].filter(([has]) => has <= MAX_EXCESS * side).sort(([one], [other]) => one - other);
  return usable.find(([has]) => has >= side) ?? usable.at(-1);
}

import type { RankedItems, RankedPairs, RegionOverview, RegionPhotographs, Selection } from '../../domain/regions.ts';

/** What the list beside the map holds. */
export type ListKind = 'all' | 'selected' | 'similar' | 'duplicates' | 'outliers' | 'unusual' | 'first';

/** Lines of regions, of photographs, or of pairs of photographs. */
export interface RegionList {
  readonly kind: ListKind;
  readonly per: 'region' | 'photograph' | 'pair';
  /** Rows of regions or indices of photographs, [lines], or [lines,2] for pairs. */
  readonly items: Uint32Array;
  /** A value for each line, descending, which a threshold cuts; undefined where lines have no value. */
  readonly values: Float32Array | undefined;
  /** Lines with at least this value are shown. */
  readonly threshold: number;
  /** The region that others are compared with. */
  readonly like?: number;
  readonly selection?: Selection;
}

/** Lines that a new threshold leaves. */
const FIRST_LINES = 50;

export function rankedList(
  kind: ListKind,
  per: RegionList['per'],
  items: Uint32Array,
  values: Float32Array,
): RegionList {
  const threshold = values.at(Math.min(FIRST_LINES, values.length) - 1) ?? 0;
  return { kind, per, items, values, threshold };
}

export const listOfRanking = (
  kind: ListKind,
  per: 'region' | 'photograph',
  { items, values }: RankedItems,
): RegionList => rankedList(kind, per, items, values);

export const listOfPairs = ({ pairs, values }: RankedPairs): RegionList =>
  rankedList('duplicates', 'pair', pairs, values);

export function listOfRegions(kind: 'all' | 'selected', items: Uint32Array): RegionList {
  return { kind, per: 'region', items, values: undefined, threshold: 0 };
}

/** All regions, in the order of the folder. */
export function listOfAll({ regions }: RegionOverview): RegionList {
  const rows = new Uint32Array(regions.count);
  for (let region = 0; region < regions.count; region++) rows[region] = region;
  return listOfRegions('all', rows);
}

/** In the order of their choice: there is nothing to cut. */
export function listOfSelection(selection: Selection): RegionList {
  const { photographs: items } = selection;
  return { kind: 'first', per: 'photograph', items, values: undefined, threshold: 0, selection };
}

/** Number of lines that are shown. */
export function shownLines({ per, items, values, threshold }: RegionList): number {
  if (!values) return items.length / (per === 'pair' ? 2 : 1);
  // Descending: a binary search for the first one below.
  let [from, to] = [0, values.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if (values[middle] >= threshold) from = middle + 1;
    else to = middle;
  }
  return from;
}

/** Photographs of a line of photographs or pairs. */
export function photographsAt({ per, items }: RegionList, line: number): readonly number[] {
  return per === 'pair' ? [items[2 * line], items[2 * line + 1]] : [items[line]];
}

/** Regions of a line. */
export function regionsAt(list: RegionList, line: number, { regionStarts }: RegionPhotographs): readonly number[] {
  if (list.per === 'region') return [list.items[line]];
  return photographsAt(list, line).flatMap((image) =>
    Array.from({ length: regionStarts[image + 1] - regionStarts[image] }, (_, at) => regionStarts[image] + at),
  );
}

/** Regions of all shown lines; one that several lines have is there as often. */
export function shownRegions(list: RegionList, photographs: RegionPhotographs): Uint32Array {
  if (list.per === 'region') return list.items.subarray(0, shownLines(list));
  const lines = Array.from({ length: shownLines(list) }, (_, line) => regionsAt(list, line, photographs));
  return Uint32Array.from(lines.flat());
}

/** Marks the regions of all shown lines, 1 each, [N]. */
export function markShown(list: RegionList, photographs: RegionPhotographs): Uint8Array {
  const marked = new Uint8Array(photographs.regionStarts[photographs.count]);
  for (const region of shownRegions(list, photographs)) marked[region] = 1;
  return marked;
}

/** Photographs of the shown lines, each once, in their order. */
export function shownPhotographs(list: RegionList, image: Uint32Array): readonly number[] {
  const shown = new Set<number>();
  const lines = shownLines(list);
  let last = -1;
  for (let line = 0; line < lines; line++) {
    if (list.per === 'region') {
      // Many in succession are of one photograph.
      const one = image[list.items[line]];
      if (one !== last) shown.add(one);
      last = one;
    } else for (const one of photographsAt(list, line)) shown.add(one);
  }
  return [...shown];
}

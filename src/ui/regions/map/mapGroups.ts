import { prototypeColor, type Color } from '../../../domain/palette.ts';

/** What the points of the map are colored by. */
export type ColorKind = 'prototype' | 'folder' | 'date' | 'class';

export interface MapGroup {
  readonly label: string;
  readonly color: Color;
}

/** Points in groups, each of which has a color. */
export interface MapGroups {
  /** Group of each region, [N]. */
  readonly of: Uint16Array;
  readonly groups: readonly MapGroup[];
}

/** Folders and classes beyond these share one color. */
const MAX_GROUPS = 15;
const OTHER: Color = [136, 138, 144];
/** From early to late: dark blue to yellow, lightness rising evenly (viridis). */
const DATES: readonly Color[] = [
  [70, 50, 127],
  [54, 92, 141],
  [39, 127, 142],
  [31, 161, 135],
  [74, 193, 109],
  [160, 218, 57],
  [223, 227, 24],
];

/** Regions by the class of their prototype, which gives color and name. */
export function groupByPrototype(
  prototypes: Uint16Array,
  leaders: Uint16Array,
  labelOf: (prototype: number) => string,
): MapGroups {
  const groups = Array.from(leaders, (leader) => ({
    label: labelOf(leader),
    color: prototypeColor(leader, leaders.length),
  }));
  return { of: lookUp(leaders, prototypes), groups };
}

/** A plain loop: a function called for each of a hundred thousand keeps the page waiting. */
function lookUp(table: Uint16Array, places: ArrayLike<number>): Uint16Array {
  const found = new Uint16Array(places.length);
  for (let at = 0; at < found.length; at++) found[at] = table[places[at]];
  return found;
}

/**
 * Regions by a name, the most frequent names first; '' is none. `places`: where the name of each region is in `names`, [N].
 */
export function groupByName(names: readonly string[], places: ArrayLike<number>, none: string): MapGroups {
  const uses = new Uint32Array(names.length);
  for (let at = 0; at < places.length; at++) uses[places[at]]++;
  const counts = new Map<string, number>();
  names.forEach((name, at) => {
    if (uses[at] > 0) counts.set(name, (counts.get(name) ?? 0) + uses[at]);
  });
  const ranked = [...counts].filter(([name]) => name !== '').sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  const shown = ranked.slice(0, MAX_GROUPS).map(([name]) => name);
  const groups: MapGroup[] = shown.map((label, at) => ({ label, color: prototypeColor(at, shown.length) }));
  const rank = new Map(shown.map((name, at) => [name, at]));
  const rest = ranked.length - shown.length;
  const other = groups.length;
  if (rest > 0) groups.push({ label: `${rest} others`, color: OTHER });
  const missing = groups.length;
  if (counts.has('')) groups.push({ label: none, color: OTHER });
  const groupOf = Uint16Array.from(names, (name) => rank.get(name) ?? (name === '' ? missing : other));
  return { of: lookUp(groupOf, places), groups };
}

/**
 * Regions by the date of their photograph, in parts of about as many photographs. `dates` of the photographs in ms, NaN where
 * unknown.
 */
export function groupByDate(images: Uint32Array, dates: Float64Array): MapGroups {
  const known = dates.filter((date) => !Number.isNaN(date)).sort();
  const starts = [...new Set(DATES.map((_, at) => known[Math.floor((at * known.length) / DATES.length)]))].slice(
    0,
    known.length,
  );
  const groups: MapGroup[] = starts.map((start, at) => ({
    label: `from ${new Date(start).toLocaleDateString()}`,
    color: DATES[starts.length === 1 ? 0 : Math.round((at * (DATES.length - 1)) / (starts.length - 1))],
  }));
  const missing = groups.length;
  if (known.length < dates.length) groups.push({ label: 'no date', color: OTHER });
  const ofImage = Uint16Array.from(dates, (date) =>
    Number.isNaN(date) ? missing : starts.findLastIndex((start) => start <= date),
  );
  return { of: lookUp(ofImage, images), groups };
}

/** Folder of a path, '' at the top. */
export function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

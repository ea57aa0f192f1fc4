import type { Confusion } from './scores.ts';

export interface ConfusionRow {
  readonly prototype: number;
  /** Its share of all pixels. */
  readonly share: number;
  /** For each of the columns, which share of the prototype's pixels is of that class. */
  readonly shares: readonly number[];
}

/** The largest prototypes and classes of a confusion, the largest first. */
export interface ConfusionRows {
  readonly columns: readonly number[];
  readonly rows: readonly ConfusionRow[];
  /** Prototypes with pixels, and classes, that are not among them, and the share of pixels of these. */
  readonly left: { readonly prototypes: number; readonly classes: number; readonly share: number };
}

/** At most `most` rows and columns; prototypes without a pixel are left out. */
export function confusionRows({ prototypes, classes, counts }: Confusion, most: number): ConfusionRows {
  const held = new Float64Array(prototypes);
  const truth = new Float64Array(classes);
  counts.forEach((count, cell) => {
    held[Math.floor(cell / classes)] += count;
    truth[cell % classes] += count;
  });
  const total = held.reduce((sum, count) => sum + count, 0);
  const largest = (of: Float64Array): number[] =>
    [...of.keys()].filter((at) => of[at] > 0).sort((a, b) => of[b] - of[a] || a - b);
  const all = { rows: largest(held), columns: largest(truth) };
  const columns = all.columns.slice(0, most);
  const rows = all.rows.slice(0, most).map((prototype) => ({
    prototype,
    share: held[prototype] / total,
    shares: columns.map((index) => counts[prototype * classes + index] / held[prototype]),
  }));
  const shown = rows.reduce((sum, { share, shares }) => sum + share * shares.reduce((part, one) => part + one, 0), 0);
  return {
    columns,
    rows,
    left: {
      prototypes: all.rows.length - rows.length,
      classes: all.columns.length - columns.length,
      share: total > 0 ? 1 - shown : 0,
    },
  };
}

import { marginalsOf, type Confusion } from './scores.ts';

export interface ConfusionRow {
  readonly prototype: number;
  /** Fraction of all pixels. */
  readonly share: number;
  /** Fraction of the prototype's pixels that is of each column's class. */
  readonly shares: readonly number[];
}

/** Largest prototypes and classes of a confusion, the largest first. */
export interface ConfusionRows {
  readonly columns: readonly number[];
  readonly rows: readonly ConfusionRow[];
  /** Prototypes with pixels and classes beyond these, and their fraction of pixels. */
  readonly left: { readonly prototypes: number; readonly classes: number; readonly share: number };
}

/** Up to `max` rows and columns, without prototypes that have no pixels. */
export function confusionRows(confusion: Confusion, max: number): ConfusionRows {
  const { classes, counts } = confusion;
  const { prototypes: held, classes: truth, total } = marginalsOf(confusion);
  const largest = (of: Float64Array): number[] =>
    [...of.keys()].filter((at) => of[at] > 0).sort((a, b) => of[b] - of[a] || a - b);
  const all = { rows: largest(held), columns: largest(truth) };
  const columns = all.columns.slice(0, max);
  const rows = all.rows.slice(0, max).map((prototype) => ({
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

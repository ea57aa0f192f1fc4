import { useState } from 'react';

/** Rows of the legend that are ticked, by the first prototype of their class. */
export interface LegendSelection {
  /** In the order of the rows. */
  readonly selected: readonly number[];
  toggle(prototype: number): void;
  /** Ticks everything from the row that was last touched to this one. */
  extendTo(prototype: number): void;
  replace(prototypes: readonly number[]): void;
}

interface Ticks {
  readonly ticked: ReadonlySet<number>;
  /** The row that was touched last. */
  readonly anchor: number | undefined;
}

/** `rows`: the first prototypes of all classes, in the order of the legend. */
export function useLegendSelection(rows: readonly number[]): LegendSelection {
  // Changed by functions: one key may touch two rows before anything is drawn again.
  const [{ ticked }, change] = useState<Ticks>({ ticked: new Set(), anchor: undefined });
  return {
    selected: rows.filter((prototype) => ticked.has(prototype)),
    toggle: (prototype) =>
      change(({ ticked: before }) => {
        const next = new Set(before);
        if (!next.delete(prototype)) next.add(prototype);
        return { ticked: next, anchor: prototype };
      }),
    extendTo: (prototype) =>
      change(({ ticked: before, anchor }) => {
        const to = rows.indexOf(prototype);
        const known = anchor === undefined ? -1 : rows.indexOf(anchor);
        const [from, end] = known < 0 ? [to, to] : [Math.min(known, to), Math.max(known, to)];
        return {
          ticked: new Set([...before, ...rows.slice(from, end + 1)]),
          anchor: known < 0 ? prototype : anchor,
        };
      }),
    replace: (prototypes) => change({ ticked: new Set(prototypes), anchor: undefined }),
  };
}

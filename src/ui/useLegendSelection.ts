import { useState } from 'react';

/** Rows of the legend that are ticked, by the first prototype of their class. */
export interface LegendSelection {
  /** Those that are there, in the order of the rows. */
  readonly selected: readonly number[];
  toggle(prototype: number): void;
  /** Ticks everything from the row that was last touched to this one. */
  extendTo(prototype: number): void;
  replace(prototypes: readonly number[]): void;
}

/** `rows`: the first prototypes of all classes, in the order of the legend. */
export function useLegendSelection(rows: readonly number[]): LegendSelection {
  const [ticked, setTicked] = useState<ReadonlySet<number>>(new Set());
  const [anchor, setAnchor] = useState<number>();
  return {
    selected: rows.filter((prototype) => ticked.has(prototype)),
    toggle: (prototype) => {
      const next = new Set(ticked);
      if (!next.delete(prototype)) next.add(prototype);
      setTicked(next);
      setAnchor(prototype);
    },
    extendTo: (prototype) => {
      const to = rows.indexOf(prototype);
      const known = anchor === undefined ? -1 : rows.indexOf(anchor);
      const from = known < 0 ? to : known;
      setTicked(new Set([...ticked, ...rows.slice(Math.min(from, to), Math.max(from, to) + 1)]));
      if (known < 0) setAnchor(prototype);
    },
    replace: (prototypes) => {
      setTicked(new Set(prototypes));
      setAnchor(undefined);
    },
  };
}

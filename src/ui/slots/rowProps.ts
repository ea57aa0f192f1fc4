import type { RankedClass } from './rankClasses.ts';

export interface RowProps extends RankedClass {
  readonly label: string;
  /** '' where it has the default one. */
  readonly name: string;
  /** Prototypes of the model. */
  readonly count: number;
  /** Length of the bar, 0…1. */
  readonly width: number;
  readonly hint: string;
  readonly dimmed: boolean;
  readonly pinned: boolean;
  readonly ticked: boolean;
  readonly editing: boolean;
  /** The same functions on every render: rows are many. */
  readonly actions: RowActions;
}

export interface RowActions {
  toggle(prototype: number): void;
  extendTo(prototype: number): void;
  /** Begins, or with `undefined` ends, the renaming of a class. */
  edit(prototype: number | undefined): void;
}

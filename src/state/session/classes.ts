import {
  mergeClasses,
  NO_CLASSES,
  renameClass,
  sameClasses,
  splitClass,
  type PrototypeClasses,
} from '../../domain/classes.ts';
import { beginHistory, edited, redone, undone, type History } from '../../lib/history.ts';
import type { SessionCore } from './core.ts';

export interface ClassesSlice {
  /** Names and merges of the prototypes of the model on the screen. */
  readonly classes: History<PrototypeClasses>;
}

export const INITIAL_CLASSES: ClassesSlice = { classes: beginHistory(NO_CLASSES) };

/** Edits of the classes. Each can be undone; the worker saves the latest. */
export interface ClassActions {
  /** '' restores the default name. */
  renameClass(prototype: number, name: string): void;
  /** Merges the classes of these prototypes. */
  mergeClasses(prototypes: readonly number[]): void;
  /** Splits the classes of these prototypes. */
  splitClasses(prototypes: readonly number[]): void;
  undoClasses(): void;
  redoClasses(): void;
}

/** `onChange` is called after every edit, undo and redo. */
export function createClassesSlice(
  { store }: SessionCore<ClassesSlice>,
  onChange: (classes: PrototypeClasses) => void,
): ClassActions {
  const set = (next: History<PrototypeClasses>): void => {
    if (next === store.getState().classes) return;
    store.setState({ classes: next });
    onChange(next.present);
  };
  const edit = (change: (classes: PrototypeClasses) => PrototypeClasses): void => {
    const { classes } = store.getState();
    const next = change(classes.present);
    // An edit that changes nothing needs no undo.
    if (!sameClasses(next, classes.present)) set(edited(classes, next));
  };
  return {
    renameClass: (prototype, name) => edit((classes) => renameClass(classes, prototype, name)),
    mergeClasses: (prototypes) => edit((classes) => mergeClasses(classes, prototypes)),
    splitClasses: (prototypes) => edit((classes) => prototypes.reduce(splitClass, classes)),
    undoClasses: () => set(undone(store.getState().classes)),
    redoClasses: () => set(redone(store.getState().classes)),
  };
}

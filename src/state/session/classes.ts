import { mergeClasses, renameClass, sameClasses, splitClass, type PrototypeClasses } from '../../domain/classes.ts';
import { edited, redone, undone, type History } from './history.ts';
import type { SessionCore } from './core.ts';
import { isSavable } from './state.ts';

/** What the person makes of the prototypes on the screen. Each edit can be undone; the worker saves the latest. */
export interface SessionClasses {
  /** '' gives the default name back. */
  renameClass(prototype: number, name: string): void;
  /** The classes of these prototypes become one. */
  mergeClasses(prototypes: readonly number[]): void;
  /** The prototypes of these classes go their own ways again. */
  splitClasses(prototypes: readonly number[]): void;
  undoClasses(): void;
  redoClasses(): void;
}

export function createSessionClasses({ store, post }: SessionCore): SessionClasses {
  const set = (next: History<PrototypeClasses>): void => {
    const { run, classes } = store.getState();
    if (next === classes) return;
    store.setState({ classes: next });
    if (run.status === 'preparing') post({ type: 'setClasses', runId: run.plan.runId, classes: next.present });
    else if (run.status !== 'idle' && isSavable(run)) {
      post({ type: 'setClasses', runId: run.run.runId, classes: next.present });
    }
  };
  const edit = (change: (classes: PrototypeClasses) => PrototypeClasses): void => {
    const { classes } = store.getState();
    const next = change(classes.present);
    // What changes nothing is nothing to undo.
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

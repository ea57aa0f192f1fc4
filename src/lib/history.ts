/** A value with its undo and redo lists. */
export interface History<Value> {
  /** Oldest first. */
  readonly past: readonly Value[];
  readonly present: Value;
  /** Most recently undone last. */
  readonly future: readonly Value[];
}

/** Max number of edits that can be undone. */
const MAX_PAST = 200;

export function beginHistory<Value>(present: Value): History<Value> {
  return { past: [], present, future: [] };
}

/** History after an edit; clears the redo list. */
export function edited<Value>({ past, present }: History<Value>, next: Value): History<Value> {
  return { past: [...past, present].slice(-MAX_PAST), present: next, future: [] };
}

/** Undoes one edit; returns the same history if there is none. */
export function undone<Value>(history: History<Value>): History<Value> {
  const { past, present, future } = history;
  if (past.length === 0) return history;
  return { past: past.slice(0, -1), present: past[past.length - 1], future: [...future, present] };
}

/** Redoes one edit; returns the same history if there is none. */
export function redone<Value>(history: History<Value>): History<Value> {
  const { past, present, future } = history;
  if (future.length === 0) return history;
  return { past: [...past, present], present: future[future.length - 1], future: future.slice(0, -1) };
}

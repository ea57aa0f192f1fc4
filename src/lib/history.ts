/** A value and how it came about: what can be undone, and what was undone and can be redone. */
export interface History<Value> {
  /** Oldest first. */
  readonly past: readonly Value[];
  readonly present: Value;
  /** The one that was undone last comes last. */
  readonly future: readonly Value[];
}

/** Edits that are kept, at most. */
const MOST_PAST = 200;

export function beginHistory<Value>(present: Value): History<Value> {
  return { past: [], present, future: [] };
}

/** After an edit: what had been undone can't be redone any more. */
export function edited<Value>({ past, present }: History<Value>, next: Value): History<Value> {
  return { past: [...past, present].slice(-MOST_PAST), present: next, future: [] };
}

/** One edit back; the same history if there is none. */
export function undone<Value>(history: History<Value>): History<Value> {
  const { past, present, future } = history;
  if (past.length === 0) return history;
  return { past: past.slice(0, -1), present: past[past.length - 1], future: [...future, present] };
}

/** One edit forth; the same history if there is none. */
export function redone<Value>(history: History<Value>): History<Value> {
  const { past, present, future } = history;
  if (future.length === 0) return history;
  return { past: [...past, present], present: future[future.length - 1], future: future.slice(0, -1) };
}

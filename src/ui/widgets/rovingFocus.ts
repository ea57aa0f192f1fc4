import type { KeyboardEvent } from 'react';

interface RovingOptions {
  /** From the last to the first and back. */
  readonly wraps?: boolean;
  /** Items that Page up and Page down pass; 0 leaves those keys alone. */
  readonly pageSize?: number;
}

/** Index that a key leads to from `at`, or undefined where the key is none of a vertical list's. */
export function indexAfterKey(
  key: string,
  at: number,
  count: number,
  { wraps = false, pageSize = 0 }: RovingOptions = {},
): number | undefined {
  const move = (by: number): number => {
    if (wraps) return (at + by + count) % count;
    return Math.max(0, Math.min(count - 1, at + by));
  };
  switch (key) {
    case 'ArrowDown':
      return move(1);
    case 'ArrowUp':
      return move(-1);
    case 'PageDown':
      return pageSize > 0 ? move(pageSize) : undefined;
    case 'PageUp':
      return pageSize > 0 ? move(-pageSize) : undefined;
    case 'Home':
      return 0;
    case 'End':
      return count - 1;
    default:
      return undefined;
  }
}

/** Moves the focus among `items`. Returns the item that gets it, or undefined where the key moves nothing. */
export function moveFocus<Item extends HTMLElement>(
  event: KeyboardEvent,
  items: readonly Item[],
  options?: RovingOptions,
): Item | undefined {
  const at = items.findIndex((item) => item === document.activeElement);
  const to = at < 0 ? undefined : indexAfterKey(event.key, at, items.length, options);
  if (to === undefined || to === at) return undefined;
  event.preventDefault();
  items[to].focus();
  return items[to];
}

/** Collects items and handles them together: `delayMs` after the first, or at once on `flush`. */
export interface Coalescer<Item> {
  add(item: Item): void;
  flush(): void;
}

export function createCoalescer<Item>(handle: (items: readonly Item[]) => void, delayMs: number): Coalescer<Item> {
  let waiting: Item[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;
  const flush = (): void => {
    clearTimeout(timer);
    timer = undefined;
    if (waiting.length === 0) return;
    const items = waiting;
    waiting = [];
    handle(items);
  };
  return {
    add: (item) => {
      waiting.push(item);
      timer ??= setTimeout(flush, delayMs);
    },
    flush,
  };
}

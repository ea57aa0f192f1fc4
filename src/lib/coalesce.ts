/** Collects items and hands them over together: after `delayMs`, or at once on `flush`. */
export interface Batch<Item> {
  add(item: Item): void;
  flush(): void;
}

export function createBatch<Item>(handle: (items: readonly Item[]) => void, delayMs: number): Batch<Item> {
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

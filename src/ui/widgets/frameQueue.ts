/** A piece of drawing. True if there is more to do: it is called again, in this frame or the next. */
export type FrameTask = () => unknown;

/**
 * Spreads drawing over frames: each runs queued tasks until its budget is used up, and leaves the rest to the next.
 * A task replaces a queued one with the same key, so the queue stays small in a hidden tab, which has no frames.
 */
export interface FrameQueue {
  add(key: object, task: FrameTask): void;
  remove(key: object): void;
}

export function createFrameQueue(
  requestFrame: (callback: () => void) => void,
  now: () => number,
  budgetMs = 8,
): FrameQueue {
  const tasks = new Map<object, FrameTask>();
  let requested = false;
  const request = (): void => {
    if (requested) return;
    requested = true;
    requestFrame(run);
  };
  const run = (): void => {
    requested = false;
    const end = now() + budgetMs;
    for (const [key, task] of tasks) {
      let hasMore = true;
      while (hasMore) {
        hasMore = task() === true;
        if (now() >= end) break;
      }
      if (!hasMore && tasks.get(key) === task) tasks.delete(key);
      if (now() >= end) break;
    }
    if (tasks.size > 0) request();
  };
  return {
    add: (key, task) => {
      tasks.set(key, task);
      request();
    },
    remove: (key) => void tasks.delete(key),
  };
}

export const frames = createFrameQueue(
  (callback) => void requestAnimationFrame(callback),
  () => performance.now(),
);

/**
 * Spreads drawing over frames: each runs queued tasks until its budget is used up, and leaves the rest to the next.
 * A task replaces a queued one with the same key, so the queue stays small in a hidden tab, which has no frames.
 */
export interface FrameQueue {
  add(key: object, task: () => void): void;
  remove(key: object): void;
}

export function createFrameQueue(
  requestFrame: (callback: () => void) => void,
  now: () => number,
  budgetMs = 8,
): FrameQueue {
  const tasks = new Map<object, () => void>();
  let requested = false;
  const request = (): void => {
    if (requested) return;
    requested = true;
    requestFrame(run);
  };
  const run = (): void => {
    requested = false;
    const start = now();
    for (const [key, task] of tasks) {
      tasks.delete(key);
      task();
      if (now() - start >= budgetMs) break;
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

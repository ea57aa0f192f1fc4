/**
 * Drawing in small pieces: each frame runs waiting tasks until the budget is used up, and leaves the rest to the next.
 * A task replaces one with the same key that hasn't run yet, so a hidden tab, which has no frames, piles nothing up.
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
  let asked = false;
  const ask = (): void => {
    if (asked) return;
    asked = true;
    requestFrame(run);
  };
  const run = (): void => {
    asked = false;
    const start = now();
    for (const [key, task] of tasks) {
      tasks.delete(key);
      task();
      if (now() - start >= budgetMs) break;
    }
    if (tasks.size > 0) ask();
  };
  return {
    add: (key, task) => {
      tasks.set(key, task);
      ask();
    },
    remove: (key) => void tasks.delete(key),
  };
}

export const frames = createFrameQueue(
  (callback) => void requestAnimationFrame(callback),
  () => performance.now(),
);

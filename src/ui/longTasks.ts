const MAX_KEPT = 1000;

/** Collects the main thread's long tasks (over 50 ms). Returns a function that reads their durations in ms. */
export function watchLongTasks(): () => readonly number[] {
  const durations: number[] = [];
  if (PerformanceObserver.supportedEntryTypes.includes('longtask')) {
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) if (durations.length < MAX_KEPT) durations.push(duration);
    }).observe({ type: 'longtask' });
  }
  return () => durations;
}

const KEPT = 1000;

/** Collects main-thread tasks over 50 ms (what browsers call long); returns the way to read their durations in ms. */
export function watchLongTasks(): () => readonly number[] {
  const durations: number[] = [];
  if (PerformanceObserver.supportedEntryTypes.includes('longtask')) {
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) if (durations.length < KEPT) durations.push(duration);
    }).observe({ type: 'longtask' });
  }
  return () => durations;
}

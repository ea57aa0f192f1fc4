import type { Page } from 'playwright';

interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  readonly args: { readonly name?: string };
  /** CPU time in µs. */
  readonly tdur?: number;
}

/** Tasks of the main thread since the recording began. */
export interface TaskRecording {
  /** Ends the recording; CPU time of the longest task in ms. */
  longest(): Promise<number>;
}

/**
 * Records the tasks of the page's main thread. Their length is measured in CPU time: with a software adapter that
 * keeps every core busy, the clock mostly measures how long the thread waited for a core.
 */
export async function recordTasks(page: Page): Promise<TaskRecording> {
  const browser = page.context().browser();
  if (!browser) throw new Error('the page has no browser of its own');
  await browser.startTracing(page, { categories: ['toplevel', '__metadata'] });
  return {
    longest: async () => {
      const { traceEvents } = JSON.parse((await browser.stopTracing()).toString()) as { traceEvents: TraceEvent[] };
      const mains = traceEvents.filter(({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain');
      const isMain = ({ pid, tid }: TraceEvent): boolean => mains.some((main) => main.pid === pid && main.tid === tid);
      const tasks = traceEvents.filter((event) => event.ph === 'X' && event.name.endsWith('RunTask') && isMain(event));
      return tasks.reduce((longest, { tdur = 0 }) => Math.max(longest, tdur), 0) / 1000;
    },
  };
}

import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createTabs, type Channel, type Locks, type TabReport } from './tabs.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Exclusive locks of one name and a broadcast channel, shared by the tabs of a browser. */
function browser() {
  let held = false;
  const queue: (() => void)[] = [];
  const next = (): void => {
    held = false;
    queue.shift()?.();
  };
  const request = ((_name: string, ...rest: unknown[]) => {
    const hold = rest.at(-1) as (lock: Lock | null) => unknown;
    const ifAvailable = rest.length > 1 && (rest[0] as LockOptions).ifAvailable === true;
    if (held && ifAvailable) return Promise.resolve(hold(null));
    const run = async (): Promise<void> => {
      held = true;
      await hold({ name: _name, mode: 'exclusive' });
      next();
    };
    if (!held) return run();
    return new Promise<void>((resolve) => queue.push(() => void run().then(resolve)));
  }) as Locks['request'];
  const query: Locks['query'] = () =>
    Promise.resolve({ held: held ? [{ name: 'slotcon-tab/training' }] : [], pending: [] });
  const listeners: ((event: MessageEvent) => void)[] = [];
  const channel = (): Channel => {
    let own: ((event: MessageEvent) => void) | undefined;
    return {
      addEventListener: ((_type: string, listener: (event: MessageEvent) => void) => {
        own = listener;
        listeners.push(listener);
      }) as Channel['addEventListener'],
      postMessage: (data: unknown) => {
        for (const listener of listeners) if (listener !== own) listener({ data } as MessageEvent);
      },
    };
  };
  return { tab: () => createTabs({ request, query }, channel()) };
}

const report: TabReport = { title: 'photos', step: 7, totalSteps: 20, loss: 3, etaSeconds: 9, verdict: 'forming' };
const settle = (): Promise<unknown> => vi.advanceTimersByTimeAsync(600);

it('lets one tab train, the others watch it, and another train when it ends', async () => {
  const { tab } = browser();
  const [one, two] = [tab(), tab()];
  expect(await one.claim()).toBe(true);
  one.report(report);
  await settle();
  expect(two.store.getState().other).toEqual({ report });
  expect(one.store.getState().other).toBeUndefined();
  const claimed = two.claim();
  await settle();
  expect(await claimed).toBe(false);
  one.release();
  await settle();
  expect(two.store.getState().other).toBeUndefined();
  const again = two.claim();
  await settle();
  expect(await again).toBe(true);
});

it('reports at once to a tab that is opened while another trains', async () => {
  const { tab } = browser();
  const one = tab();
  await one.claim();
  one.report(report);
  await settle();
  const late = tab();
  await settle();
  expect(late.store.getState().other).toEqual({ report });
});

it('lets every tab train without locks', async () => {
  expect(await createTabs(undefined, undefined).claim()).toBe(true);
});

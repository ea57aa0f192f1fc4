import { createStore, type StoreApi } from 'zustand/vanilla';

/** Progress of a run, sent to the other tabs. */
export interface TabReport {
  readonly title: string;
  readonly step: number;
  readonly totalSteps: number;
  readonly loss: number | undefined;
  readonly etaSeconds: number;
  /** Title of the health verdict. */
  readonly verdict: string | undefined;
}

export interface TabsState {
  /** Set while another tab trains, with the latest report received from it. */
  readonly other: { readonly report: TabReport | undefined } | undefined;
}

/** The page's tabs in this browser: one may train, the others show its progress. */
export interface Tabs {
  readonly store: StoreApi<TabsState>;
  /**
   * Claims training for this tab until `release`; resolves to false where another tab has it. While it is held, browsers
   * don't freeze the tab to save energy, even when it is hidden.
   */
  claim(): Promise<boolean>;
  release(): void;
  /** Sends the progress of this tab's run to the others, at most every `REPORT_MS`. */
  report(report: TabReport): void;
}

/** The part of the browser's lock manager that is used. */
export type Locks = Pick<LockManager, 'request' | 'query'>;
export type Channel = Pick<BroadcastChannel, 'postMessage' | 'addEventListener'>;

type Message = { readonly type: 'who' } | { readonly type: 'training'; readonly report: TabReport };

const LOCK = 'slotcon-tab/training';
/** Minimum time between two reports. */
const REPORT_MS = 500;
/** Attempts to claim: a tab that waits for the lock holds it for a moment when it gets it. */
const MAX_ATTEMPTS = 5;
const RETRY_MS = 60;

/** Without locks (older browsers) every tab may train. */
export function createTabs(locks: Locks | undefined, channel: Channel | undefined): Tabs {
  const store = createStore<TabsState>()(() => ({ other: undefined }));
  let releaseLock: (() => void) | undefined;
  let isWaiting = false;
  let latest: TabReport | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const post = (message: Message): void => channel?.postMessage(message);

  /** The lock becomes free when the other tab has ended its run, was closed or crashed. */
  const waitForOther = async (): Promise<void> => {
    if (isWaiting || !locks) return;
    isWaiting = true;
    await locks.request(LOCK, () => undefined).catch(() => undefined);
    isWaiting = false;
    store.setState({ other: undefined });
  };
  const setOther = (report: TabReport | undefined): void => {
    store.setState({ other: { report } });
    void waitForOther();
  };
  channel?.addEventListener('message', ({ data }: MessageEvent<Message>) => {
    if (data.type === 'training' && !releaseLock) setOther(data.report);
    if (data.type === 'who' && releaseLock && latest) post({ type: 'training', report: latest });
  });
  void locks
    ?.query()
    .then(({ held = [] }) => {
      if (releaseLock || !held.some(({ name }) => name === LOCK)) return;
      setOther(store.getState().other?.report);
      post({ type: 'who' });
    })
    .catch(() => undefined);

  /** Resolves to true once the lock is held, which it stays until `releaseLock` is called; to false if it is taken. */
  const acquire = (manager: Locks): Promise<boolean> =>
    new Promise((resolve, reject) => {
      manager
        .request(LOCK, { ifAvailable: true }, (lock) => {
          resolve(lock !== null);
          return lock === null ? undefined : new Promise<void>((released) => (releaseLock = released));
        })
        .catch(reject);
    });
  return {
    store,
    claim: async () => {
      if (releaseLock || !locks) return true;
      for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
        if (await acquire(locks)) return true;
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      }
      setOther(store.getState().other?.report);
      post({ type: 'who' });
      return false;
    },
    release: () => {
      releaseLock?.();
      releaseLock = undefined;
      latest = undefined;
      clearTimeout(timer);
      timer = undefined;
    },
    report: (report) => {
      latest = report;
      if (!releaseLock) return;
      timer ??= setTimeout(() => {
        timer = undefined;
        if (latest && releaseLock) post({ type: 'training', report: latest });
      }, REPORT_MS);
    },
  };
}

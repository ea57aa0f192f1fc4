import { createStore, type StoreApi } from 'zustand/vanilla';

/** What a tab that trains tells the others. */
export interface TabReport {
  readonly title: string;
  readonly step: number;
  readonly totalSteps: number;
  readonly loss: number | undefined;
  readonly etaSeconds: number;
  /** The state of the slots in a few words. */
  readonly verdict: string | undefined;
}

export interface TabsState {
  /** Another tab trains; `report` is the latest that was heard of it. */
  readonly other: { readonly report: TabReport | undefined } | undefined;
}

/** The tabs of this browser: one may train, the others watch. */
export interface Tabs {
  readonly store: StoreApi<TabsState>;
  /**
   * Takes training for this tab, until `release`; false where another tab has it. While it is held, browsers don't freeze
   * the tab to save energy, hidden as it may be.
   */
  claim(): Promise<boolean>;
  release(): void;
  /** Of the run of this tab, as often as one likes. */
  tell(report: TabReport): void;
}

/** The parts of a browser's lock manager that are used. */
export type Locks = Pick<LockManager, 'request' | 'query'>;
export type Channel = Pick<BroadcastChannel, 'postMessage' | 'addEventListener'>;

type Message = { readonly type: 'who' } | { readonly type: 'training'; readonly report: TabReport };

const LOCK = 'slotcon-tab/training';
/** Between two reports. */
const TELL_MS = 500;
/** Tabs that wait hold the lock for a moment when they get it. */
const TRIES = 5;
const AGAIN_MS = 60;

/** Without locks (older browsers) every tab may train, as if it were alone. */
export function createTabs(locks: Locks | undefined, channel: Channel | undefined): Tabs {
  const store = createStore<TabsState>()(() => ({ other: undefined }));
  let letGo: (() => void) | undefined;
  let waiting = false;
  let latest: TabReport | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const post = (message: Message): void => channel?.postMessage(message);

  /** The lock is free when the other tab has ended its run, was closed or has crashed. */
  const waitForOther = async (): Promise<void> => {
    if (waiting || !locks) return;
    waiting = true;
    await locks.request(LOCK, () => undefined).catch(() => undefined);
    waiting = false;
    store.setState({ other: undefined });
  };
  const noticeOther = (report: TabReport | undefined): void => {
    store.setState({ other: { report } });
    void waitForOther();
  };
  channel?.addEventListener('message', ({ data }: MessageEvent<Message>) => {
    if (data.type === 'training' && !letGo) noticeOther(data.report);
    if (data.type === 'who' && letGo && latest) post({ type: 'training', report: latest });
  });
  void locks
    ?.query()
    .then(({ held = [] }) => {
      if (letGo || !held.some(({ name }) => name === LOCK)) return;
      noticeOther(store.getState().other?.report);
      post({ type: 'who' });
    })
    .catch(() => undefined);

  /** True once the lock is held, which it is until `letGo` is called. */
  const take = (manager: Locks): Promise<boolean> =>
    new Promise((resolve, reject) => {
      manager
        .request(LOCK, { ifAvailable: true }, (lock) => {
          resolve(lock !== null);
          return lock === null ? undefined : new Promise<void>((released) => (letGo = released));
        })
        .catch(reject);
    });
  return {
    store,
    claim: async () => {
      if (letGo || !locks) return true;
      for (let tried = 0; tried < TRIES; tried++) {
        if (await take(locks)) return true;
        await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
      }
      noticeOther(store.getState().other?.report);
      post({ type: 'who' });
      return false;
    },
    release: () => {
      letGo?.();
      letGo = undefined;
      latest = undefined;
      clearTimeout(timer);
      timer = undefined;
    },
    tell: (report) => {
      latest = report;
      if (!letGo) return;
      timer ??= setTimeout(() => {
        timer = undefined;
        if (latest && letGo) post({ type: 'training', report: latest });
      }, TELL_MS);
    },
  };
}

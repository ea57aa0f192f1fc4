import { createStore, type StoreApi } from 'zustand/vanilla';

/** A newer version of the page, which waits until the person takes it: nothing changes under a run. */
export interface Updates {
  readonly store: StoreApi<{ readonly waiting: boolean }>;
  /** Reloads the page as the new version. */
  take(): void;
}

/** `register` puts the service worker in place, which keeps the page's files for offline use. */
export function createUpdates(
  register: (options: { onNeedRefresh(): void }) => (reloadPage?: boolean) => Promise<void>,
): Updates {
  const store = createStore(() => ({ waiting: false }));
  const update = register({ onNeedRefresh: () => store.setState({ waiting: true }) });
  return { store, take: () => void update(true) };
}

import { createStore, type StoreApi } from 'zustand/vanilla';

/** A newer version of the page, installed only when the person agrees, so that nothing changes during a run. */
export interface Updates {
  readonly store: StoreApi<{ readonly waiting: boolean }>;
  /** Reloads the page as the new version. */
  take(): void;
}

/** `register` installs the service worker, which caches the page's files for offline use. */
export function createUpdates(
  register: (options: { onNeedRefresh(): void }) => (reloadPage?: boolean) => Promise<void>,
): Updates {
  const store = createStore(() => ({ waiting: false }));
  const update = register({ onNeedRefresh: () => store.setState({ waiting: true }) });
  return { store, take: () => void update(true) };
}

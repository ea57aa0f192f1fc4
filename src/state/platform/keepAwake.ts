/** Keeps the screen on, in browsers that can. */
export interface KeepAwake {
  hold(): void;
  release(): void;
}

/** The browser releases the lock whenever the page is hidden, so it is requested again when the page is shown. */
export function createKeepAwake(navigator: Navigator, document: Document): KeepAwake {
  let held = false;
  const isWanted = (): boolean => held;
  let sentinel: WakeLockSentinel | undefined;

  const lockScreen = async (): Promise<void> => {
    if (!isWanted() || document.visibilityState !== 'visible' || !('wakeLock' in navigator)) return;
    try {
      sentinel = await navigator.wakeLock.request('screen');
      if (!isWanted()) await sentinel.release();
    } catch {
      // Refused on low battery or by policy: training continues, only the screen may turn off.
    }
  };
  document.addEventListener('visibilitychange', () => void lockScreen());

  return {
    hold: () => {
      if (held) return;
      held = true;
      void lockScreen();
    },
    release: () => {
      held = false;
      void sentinel?.release().catch(() => undefined);
      sentinel = undefined;
    },
  };
}

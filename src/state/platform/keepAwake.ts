/** Holds the screen on while a run trains, where the browser can. */
export interface KeepAwake {
  hold(): void;
  release(): void;
}

/** The lock is taken away whenever the page is hidden, so it is asked for again when the page comes back. */
export function createKeepAwake(navigator: Navigator, document: Document): KeepAwake {
  let held = false;
  let sentinel: WakeLockSentinel | undefined;

  const lockScreen = async (): Promise<void> => {
    if (!held || document.visibilityState !== 'visible' || !('wakeLock' in navigator)) return;
    try {
      sentinel = await navigator.wakeLock.request('screen');
      if (!held) await sentinel.release();
    } catch {
      // Refused on low battery or by policy: training goes on, only the screen may turn dark.
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

/** Holds the screen and the tab awake while a run trains; the parts of `navigator` that are missing are left out. */
export interface KeepAwake {
  hold(): void;
  release(): void;
}

/**
 * A Web Lock keeps browsers from freezing a busy hidden tab to save energy. The screen wake lock is taken away
 * whenever the page is hidden, so it is asked for again when the page comes back.
 */
export function createKeepAwake(navigator: Navigator, document: Document): KeepAwake {
  let held = false;
  let releaseLock: (() => void) | undefined;
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
      if (!('locks' in navigator)) return;
      const released = new Promise<void>((resolve) => (releaseLock = resolve));
      navigator.locks.request('slotcon-tab/training', { mode: 'shared' }, () => released).catch(() => undefined);
    },
    release: () => {
      if (!held) return;
      held = false;
      releaseLock?.();
      void sentinel?.release().catch(() => undefined);
      sentinel = undefined;
    },
  };
}

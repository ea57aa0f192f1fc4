import { useEffect } from 'react';
import { shownConfig } from '../state/sessionState.ts';
import { scrubBy, shownSnapshot } from '../state/view.ts';
import { useApp, type App } from './app.ts';
import { rankPrototypes } from './SlotsPanel.tsx';

/** The page's keys; controls keep theirs while they have the focus. */
export function useKeys(): void {
  const app = useApp();
  useEffect(() => {
    const listen = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
      if (belongsToControl(event) || isForDialog(event.key)) return;
      if (handle(app, event.key)) event.preventDefault();
    };
    window.addEventListener('keydown', listen);
    return () => window.removeEventListener('keydown', listen);
  }, [app]);
}

/** Of the page's keys, those that look at slots work in an enlarged image too. */
function isForDialog(key: string): boolean {
  const dialog = document.querySelector('dialog[open]');
  return dialog !== null && !(dialog.matches('.zoom') && /^[1-9os]$/i.test(key));
}

function belongsToControl({ target, key }: KeyboardEvent): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement && target.type === 'range') return key.startsWith('Arrow');
  if (target.matches('input:not([type=checkbox],[type=radio]), select, textarea')) return true;
  if (target.matches('input[type=radio]') && key.startsWith('Arrow')) return true;
  return key === ' ' && target.matches('button, summary, a, input');
}

/** True if the key meant something. */
function handle({ session, view }: App, key: string): boolean {
  const { run } = session.store.getState();
  const { snapshots } = session.live.getState();
  const state = view.getState();
  const steps = snapshots.map(({ step }) => step);
  switch (key) {
    case ' ':
      if (run.status === 'training') session.pause();
      if (run.status === 'paused') session.continueRun();
      return true;
    case 'ArrowLeft':
    case 'ArrowRight':
      view.setState({ scrubStep: scrubBy(steps, state.scrubStep, key === 'ArrowLeft' ? -1 : 1) });
      return true;
    case 'o':
    case 'O':
      view.setState({ overlayShown: !state.overlayShown });
      return true;
    case 's':
    case 'S':
      view.setState({ sideBySide: !state.sideBySide });
      return true;
    case 'd':
    case 'D':
      session.saveCheckpoint();
      return true;
    case '?':
      view.setState({ helpOpen: true });
      return true;
    case 'Escape':
      view.setState({ pinned: undefined });
      return true;
    default:
      return /^[1-9]$/.test(key) && isolate(Number(key) - 1);
  }

  function isolate(rank: number): boolean {
    const snapshot = snapshots[shownSnapshot(steps, state.scrubStep)];
    const count = shownConfig(session.store.getState())?.prototypes;
    if (!snapshot || count === undefined) return false;
    const prototype = rankPrototypes(snapshot, count)[rank]?.prototype;
    view.setState({ pinned: state.pinned === prototype ? undefined : prototype });
    return true;
  }
}

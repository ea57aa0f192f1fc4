import { useEffect } from 'react';
import { leadersOf } from '../domain/classes.ts';
import { shownConfig } from '../state/session/state.ts';
import { scrubBy, shownSnapshot } from '../state/view/view.ts';
import { useApp, type App } from './app.ts';
import { rankClasses } from './slots/rankClasses.ts';

/** The page's keys; controls keep theirs while they have the focus. */
export function useKeys(): void {
  const app = useApp();
  useEffect(() => {
    const listen = (event: KeyboardEvent): void => {
      if (event.altKey || event.defaultPrevented) return;
      if (belongsToControl(event) || isForDialog(event.key)) return;
      const meant = event.ctrlKey || event.metaKey ? handleEdit(app, event) : handle(app, event.key);
      if (meant) event.preventDefault();
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

/** Undo and redo, as everywhere. True if the keys meant something. */
function handleEdit({ session }: App, { key, shiftKey }: KeyboardEvent): boolean {
  const letter = key.toLowerCase();
  if (letter !== 'z' && letter !== 'y') return false;
  if (letter === 'y' || shiftKey) session.redoClasses();
  else session.undoClasses();
  return true;
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
    const leaders = leadersOf(session.store.getState().classes.present, count);
    const prototype = rankClasses(snapshot, leaders)[rank]?.prototype;
    const pinned = leaders[state.pinned ?? -1];
    view.setState({ pinned: pinned === prototype ? undefined : prototype });
    return true;
  }
}

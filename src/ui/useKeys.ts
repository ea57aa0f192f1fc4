import { useEffect } from 'react';
import { leadersOf } from '../domain/classes.ts';
import { shownConfig } from '../state/session/resume.ts';
import { scrubBy, shownSnapshot } from '../state/view/view.ts';
import { useApp, type App } from './app.ts';
import { rankClasses } from './slots/rankClasses.ts';
import { shortcutOf, type ShortcutName } from './widgets/shortcuts.ts';

/** Handles the page's keys; controls keep theirs while they have the focus. */
export function useKeys(): void {
  const app = useApp();
  useEffect(() => {
    const listen = (event: KeyboardEvent): void => {
      if (event.altKey || event.defaultPrevented || belongsToControl(event)) return;
      const scope = openScope();
      const shortcut = scope && shortcutOf(event, scope);
      const action = shortcut && ACTIONS[shortcut.name];
      if (!action) return;
      action(app, shortcut.index);
      event.preventDefault();
    };
    window.addEventListener('keydown', listen);
    return () => window.removeEventListener('keydown', listen);
  }, [app]);
}

/** Scope that keys apply to: the page, an enlarged image, or none while another dialog is open. */
function openScope(): 'page' | 'zoom' | undefined {
  const dialog = document.querySelector<HTMLDialogElement>('dialog[open]');
  if (!dialog) return 'page';
  return dialog.dataset['scope'] === 'zoom' ? 'zoom' : undefined;
}

function belongsToControl({ target, key }: KeyboardEvent): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement && target.type === 'range') return key.startsWith('Arrow');
  if (target.matches('input:not([type=checkbox],[type=radio]), select, textarea')) return true;
  if (target.matches('input[type=radio]') && key.startsWith('Arrow')) return true;
  return key === ' ' && target.matches('button, summary, a, input');
}

/** `index`: which of the shortcut's keys. */
type Action = (app: App, index: number) => void;

/** Shortcuts of the page; the others are handled where they apply. */
const ACTIONS: Readonly<Partial<Record<ShortcutName, Action>>> = {
  pause: ({ session }) => {
    const { status } = session.store.getState().run;
    if (status === 'training') session.pause();
    if (status === 'paused') session.continueRun();
  },
  scrub: ({ session, view }, index) => {
    const { scrubStep } = view.getState();
    view.setState({ scrubStep: scrubBy(stepsOf(session), scrubStep, index === 0 ? -1 : 1) });
  },
  isolate,
  overlay: ({ view }) => view.setState(({ overlayShown }) => ({ overlayShown: !overlayShown })),
  sideBySide: ({ view }) => view.setState(({ sideBySide }) => ({ sideBySide: !sideBySide })),
  undo: ({ session }) => session.undoClasses(),
  redo: ({ session }) => session.redoClasses(),
  download: ({ session }) => session.saveCheckpoint(),
  help: ({ view }) => view.setState({ helpOpen: true }),
  showAll: ({ view }) => view.setState({ pinned: undefined }),
};

function stepsOf(session: App['session']): readonly number[] {
  return session.live.getState().snapshots.map(({ step }) => step);
}

/** Pins the class of this rank by usage, or releases it. */
function isolate({ session, view }: App, rank: number): void {
  const { pinned, scrubStep } = view.getState();
  const { snapshots } = session.live.getState();
  const at = shownSnapshot(stepsOf(session), scrubStep);
  const count = shownConfig(session.store.getState())?.prototypes;
  if (at < 0 || count === undefined) return;
  const leaders = leadersOf(session.store.getState().classes.present, count);
  const prototype = rankClasses(snapshots[at], leaders).at(rank)?.prototype;
  view.setState({ pinned: pinned !== undefined && leaders[pinned] === prototype ? undefined : prototype });
}

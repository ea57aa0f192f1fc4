import { useRef, useState, type KeyboardEvent, type ReactElement } from 'react';
import { isSavable, runOf, type RunState } from '../../state/session/state.ts';
import type { FileFormat } from '../../worker/protocol.ts';
import { useApp, useSession } from '../app.ts';
import { ContinueDialog } from '../dialogs/ContinueDialog.tsx';
import { formatBytes } from '../widgets/format.ts';
import { Icon } from '../widgets/icons.tsx';

const MENU = 'download-menu';

/** Of the menu, and between it and what is around it, in px. */
const [WIDTH, GAP] = [420, 8];

/** One button for the checkpoint, which is what is mostly wanted, and beside it a menu of everything the run can be saved as. */
export function DownloadMenu({ run }: { readonly run: RunState }): ReactElement {
  const { session } = useApp();
  const saving = useSession((state) => state.saving > 0);
  const savable = isSavable(run);
  const caret = useRef<HTMLButtonElement>(null);
  const [continuing, setContinuing] = useState(false);
  const shown = runOf(run);
  return (
    <div className="split">
      <button
        type="button"
        className="compact"
        onClick={() => session.saveCheckpoint()}
        disabled={!savable || saving}
        aria-label="Download checkpoint"
        aria-keyshortcuts="d"
        title="Download checkpoint (D)"
        data-testid="download"
      >
        <Icon name="download" /> <span>{saving ? 'Saving…' : 'Checkpoint'}</span>
      </button>
      <button
        ref={caret}
        type="button"
        className="caret"
        popoverTarget={MENU}
        disabled={!savable}
        aria-haspopup="menu"
        aria-label="Download as…"
        title="Download as…"
        data-testid="download-as"
      >
        <Icon name="more" />
      </button>
      <Menu formats={shown?.formats ?? []} anchor={caret} onContinue={() => setContinuing(true)} />
      {continuing && shown && <ContinueDialog run={shown} onClose={() => setContinuing(false)} />}
    </div>
  );
}

interface MenuProps {
  readonly formats: readonly FileFormat[];
  readonly anchor: { readonly current: HTMLElement | null };
  onContinue(): void;
}

/** A popover: the browser closes it at Escape or at a click elsewhere, and gives the focus back. */
function Menu({ formats, anchor, onContinue }: MenuProps): ReactElement {
  const { session, view } = useApp();
  const menu = useRef<HTMLDivElement>(null);
  const items = (): HTMLElement[] => [...(menu.current?.querySelectorAll<HTMLElement>('[role=menuitem]') ?? [])];
  const choose = (act: () => void): void => {
    menu.current?.hidePopover();
    act();
  };
  const move = (event: KeyboardEvent): void => {
    // The page's own keys mean nothing while a menu is open.
    event.stopPropagation();
    const all = items();
    const to = target(event.key, all.indexOf(document.activeElement as HTMLElement), all.length);
    if (to === undefined) return;
    event.preventDefault();
    all[to]?.focus();
  };
  return (
    <div
      ref={menu}
      id={MENU}
      popover="auto"
      role="menu"
      aria-label="Download as"
      className="menu"
      onKeyDown={move}
      onBeforeToggle={({ newState, currentTarget }) => newState === 'open' && place(currentTarget, anchor.current)}
      onToggle={({ newState }) => newState === 'open' && items()[0]?.focus()}
      data-testid={MENU}
    >
      {formats.map(({ id, label, purpose, size }) => (
        <button
          key={id}
          type="button"
          role="menuitem"
          tabIndex={-1}
          onClick={() => choose(() => session.saveCheckpoint(id))}
          data-format={id}
        >
          <strong>{label}</strong>
          <span className="menu-size">{formatBytes(size)}</span>
          <span className="menu-purpose muted">{purpose}</span>
        </button>
      ))}
      <button
        type="button"
        role="menuitem"
        tabIndex={-1}
        className="menu-other"
        onClick={() => choose(() => view.setState({ masksOpen: true }))}
        data-testid="export-masks"
      >
        <strong>Export masks…</strong>
        <span className="menu-purpose muted">The slots of every image, as index PNGs and for COCO.</span>
      </button>
      <button
        type="button"
        role="menuitem"
        tabIndex={-1}
        onClick={() => choose(onContinue)}
        data-testid="continue-on-gpus"
      >
        <strong>Continue on GPUs…</strong>
        <span className="menu-purpose muted">The PyTorch checkpoint, and the command that goes on from it.</span>
      </button>
    </div>
  );
}

/** Which item a key leads to, from the one that has the focus; round and round. */
function target(key: string, at: number, count: number): number | undefined {
  switch (key) {
    case 'ArrowDown':
      return (at + 1) % count;
    case 'ArrowUp':
      return (at <= 0 ? count : at) - 1;
    case 'Home':
      return 0;
    case 'End':
      return count - 1;
    default:
      return undefined;
  }
}

/** Above its button, its right edge on the button's where that fits: in the top layer nothing else would put it there. */
function place({ style }: HTMLElement, anchor: HTMLElement | null): void {
  if (!anchor) return;
  const { top, right } = anchor.getBoundingClientRect();
  const { innerWidth, innerHeight } = window;
  const width = Math.min(WIDTH, innerWidth - 2 * GAP);
  style.width = `${width}px`;
  style.right = `${Math.max(GAP, Math.min(innerWidth - right, innerWidth - GAP - width))}px`;
  style.bottom = `${innerHeight - top + GAP / 2}px`;
  style.maxHeight = `${top - 1.5 * GAP}px`;
}

import { useRef, useState, type KeyboardEvent, type ReactElement } from 'react';
import { useStore } from 'zustand';
import { spread, type ReplayKind } from '../../state/view/replay.ts';
import { shownConfig } from '../../state/session/state.ts';
import { useApp, useLive, useSession, useView } from '../app.ts';
import { formatPercent, plural } from '../widgets/format.ts';
import { Icon } from '../widgets/icons.tsx';

const MENU = 'replay-menu';

const KINDS: Readonly<Record<ReplayKind, { label: string; purpose: string; steps: readonly number[] }>> = {
  gif: { label: 'Animated GIF', purpose: 'All watched images, one frame a step.', steps: [240, 120, 60, 24] },
  strip: { label: 'PNG strip', purpose: 'A row an image, a column a step.', steps: [6, 4, 8, 12] },
};

/** The history as a file: opened beside the scrubber, made in the background. */
export function ReplayMenu(): ReactElement {
  const { replay } = useApp();
  const available = useLive(({ snapshots }) => snapshots.length);
  const state = useStore(replay.store);
  const button = useRef<HTMLButtonElement>(null);
  const exporting = state.status === 'exporting';
  return (
    <>
      <button
        ref={button}
        type="button"
        className="small"
        popoverTarget={MENU}
        disabled={available === 0}
        aria-haspopup="dialog"
        title="Export the history as a picture"
        data-testid="export-replay"
      >
        <Icon name="download" />
        <span className="scrub-export">{exporting ? formatPercent(state.fraction) : 'Export replay'}</span>
      </button>
      <div
        id={MENU}
        popover="auto"
        role="dialog"
        aria-label="Export replay"
        className="menu replay-menu"
        // The page's own keys mean nothing while a menu is open.
        onKeyDown={(event: KeyboardEvent) => event.stopPropagation()}
        onBeforeToggle={({ newState, currentTarget }) => newState === 'open' && place(currentTarget, button.current)}
        data-testid={MENU}
      >
        {state.status === 'exporting' ? <Exporting kind={state.kind} fraction={state.fraction} /> : <Choices />}
      </div>
    </>
  );
}

function Exporting({ kind, fraction }: { readonly kind: ReplayKind; readonly fraction: number }): ReactElement {
  const { replay } = useApp();
  return (
    <>
      <p>{`Drawing the ${kind === 'gif' ? 'animation' : 'strip'}…`}</p>
      <progress max={1} value={fraction} aria-label="Export" />
      <p className="muted">It is downloaded when it is done; this may be closed meanwhile.</p>
      <button type="button" onClick={replay.cancel} data-testid="replay-cancel">
        Cancel
      </button>
    </>
  );
}

function Choices(): ReactElement {
  const { session, replay, view } = useApp();
  const available = useLive(({ snapshots }) => snapshots.length);
  const prototypes = useSession((state) => shownConfig(state)?.prototypes ?? 1);
  const pace = useView((state) => state.pace);
  const [kind, setKind] = useState<ReplayKind>('gif');
  const [chosen, setChosen] = useState<Partial<Record<ReplayKind, number>>>({});
  const { steps } = KINDS[kind];
  const most = chosen[kind] ?? steps[0] ?? 1;
  const start = (): void => {
    const snapshots = spread(session.live.getState().snapshots, most);
    void replay.exportHistory({ kind, snapshots, prototypes, opacity: view.getState().overlayOpacity, pace });
  };
  return (
    <>
      <fieldset className="replay-kinds">
        <legend>Export replay</legend>
        {(Object.keys(KINDS) as ReplayKind[]).map((one) => (
          <label key={one}>
            <input type="radio" name="replay-kind" checked={kind === one} onChange={() => setKind(one)} />
            <strong>{KINDS[one].label}</strong>
            <span className="muted">{KINDS[one].purpose}</span>
          </label>
        ))}
      </fieldset>
      <label className="replay-steps">
        Steps
        <select
          value={most}
          onChange={({ currentTarget }) => setChosen({ ...chosen, [kind]: Number(currentTarget.value) })}
          data-testid="replay-steps"
        >
          {steps.map((count) => (
            <option key={count} value={count}>
              {available <= count ? `all ${available} (up to ${count})` : `${count} of ${available}, evenly spread`}
            </option>
          ))}
        </select>
      </label>
      <p className="muted">
        {kind === 'gif'
          ? `${plural(Math.min(most, available), 'frame')}, ${pace} a second.`
          : 'With the overlay’s present opacity, after the images themselves.'}
      </p>
      <button type="button" className="primary" onClick={start} data-testid="replay-start">
        <Icon name="download" /> Export
      </button>
    </>
  );
}

/** Above its button, its right edge on the button's where that fits: in the top layer nothing else would put it there. */
function place({ style }: HTMLElement, anchor: HTMLElement | null): void {
  if (!anchor) return;
  const { top, right } = anchor.getBoundingClientRect();
  style.right = `${Math.max(8, innerWidth - right)}px`;
  style.bottom = `${innerHeight - top + 4}px`;
}

import { useRef, useState, type ReactElement } from 'react';
import { useStore } from 'zustand';
import { shownConfig } from '../../state/session/resume.ts';
import { evenlySpaced, type ReplayKind } from '../../state/view/replay.ts';
import { useApp, useLive, useSession, useView } from '../app.ts';
import { formatPercent, plural } from '../widgets/format.ts';
import { Icon } from '../widgets/icons.tsx';
import { Popover } from '../widgets/Popover.tsx';
import styles from './ReplayMenu.module.css';

const MENU = 'replay-menu';
/** In px. */
const WIDTH = 320;

const KINDS: Readonly<Record<ReplayKind, { label: string; purpose: string; steps: readonly number[] }>> = {
  gif: { label: 'Animated GIF', purpose: 'All watched images, one frame per step.', steps: [240, 120, 60, 24] },
  strip: { label: 'PNG strip', purpose: 'One row per image, one column per step.', steps: [6, 4, 8, 12] },
};

/** Exports the history as a file, drawn in the background. */
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
        title="Export the history as an image"
        data-testid="export-replay"
      >
        <Icon name="download" />
        <span className={styles.label}>{exporting ? formatPercent(state.fraction) : 'Export replay'}</span>
      </button>
      <Popover id={MENU} role="dialog" label="Export replay" anchor={button} width={WIDTH} className={styles.menu}>
        {exporting ? <Exporting kind={state.kind} fraction={state.fraction} /> : <Choices />}
      </Popover>
    </>
  );
}

function Exporting({ kind, fraction }: { readonly kind: ReplayKind; readonly fraction: number }): ReactElement {
  const { replay } = useApp();
  return (
    <>
      <p>{`Drawing the ${kind === 'gif' ? 'animation' : 'strip'}…`}</p>
      <progress max={1} value={fraction} aria-label="Export" />
      <p className="muted">It is downloaded when it is done; you can close this meanwhile.</p>
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
  const maxSteps = chosen[kind] ?? KINDS[kind].steps[0];
  const start = (): void => {
    const snapshots = evenlySpaced(session.live.getState().snapshots, maxSteps);
    void replay.exportHistory({
      kind,
      snapshots,
      prototypes,
      opacity: view.getState().overlayOpacity,
      followEdges: view.getState().followEdges,
      framesPerSecond: pace,
    });
  };
  return (
    <>
      <KindChoice kind={kind} choose={setKind} />
      <label className={styles.steps}>
        Steps
        <select
          value={maxSteps}
          onChange={({ currentTarget }) => setChosen({ ...chosen, [kind]: Number(currentTarget.value) })}
          data-testid="replay-steps"
        >
          {KINDS[kind].steps.map((count) => (
            <option key={count} value={count}>
              {available <= count ? `all ${available} (up to ${count})` : `${count} of ${available}, evenly spread`}
            </option>
          ))}
        </select>
      </label>
      <p className="muted">
        {kind === 'gif'
          ? `${plural(Math.min(maxSteps, available), 'frame')}, ${pace} per second.`
          : 'At the overlay’s current opacity, after the images themselves.'}
      </p>
      <button type="button" className="primary" onClick={start} data-testid="replay-start">
        <Icon name="download" /> Export
      </button>
    </>
  );
}

interface KindProps {
  readonly kind: ReplayKind;
  choose(kind: ReplayKind): void;
}

function KindChoice({ kind, choose }: KindProps): ReactElement {
  return (
    <fieldset className={styles.kinds}>
      <legend>Export replay</legend>
      {(Object.keys(KINDS) as ReplayKind[]).map((one) => (
        <label key={one}>
          <input type="radio" name="replay-kind" checked={kind === one} onChange={() => choose(one)} />
          <strong>{KINDS[one].label}</strong>
          <span className={styles.purpose}>{KINDS[one].purpose}</span>
        </label>
      ))}
    </fieldset>
  );
}

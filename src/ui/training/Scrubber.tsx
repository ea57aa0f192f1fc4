import { useEffect, useState, type ReactElement } from 'react';
import { PACES, scrubBy } from '../../state/view/view.ts';
import { useApp, useView } from '../app.ts';
import { formatCount } from '../widgets/format.ts';
import { Icon, type IconName } from '../widgets/icons.tsx';
import { shortcutProps } from '../widgets/shortcuts.ts';
import { ReplayMenu } from './ReplayMenu.tsx';
import styles from './Scrubber.module.css';
import { useShownSnapshot } from './useShownSnapshot.ts';

/** Scrubs through the overlays of the run so far. At its right end it follows the run. */
export function Scrubber(): ReactElement {
  const { view } = useApp();
  const { steps, index, snapshot, live } = useShownSnapshot();
  const [playing, setPlaying] = usePlaying(steps);
  const last = steps.length - 1;
  const seek = (at: number): void => {
    setPlaying(false);
    view.setState({ scrubStep: at >= last ? undefined : steps[Math.max(0, at)] });
  };
  const play = (): void => {
    if (!playing && live) view.setState({ scrubStep: steps[0] });
    setPlaying(!playing);
  };
  return (
    <div className={styles.scrubber} role="group" aria-label="History">
      <Buttons index={index} last={last} live={live} playing={playing} seek={seek} play={play} />
      <input
        type="range"
        min={0}
        max={Math.max(0, last)}
        value={Math.max(0, index)}
        disabled={last < 1}
        aria-label="Overlays at step"
        aria-valuetext={snapshot ? `step ${snapshot.step}${live ? ', latest' : ''}` : 'none yet'}
        onChange={({ currentTarget }) => seek(Number(currentTarget.value))}
        data-testid="scrubber"
      />
      <span className={styles.step} data-testid="scrub-step">
        {snapshot ? `step ${formatCount(snapshot.step)}` : 'no overlays yet'}
      </span>
      <Pace />
      <ReplayMenu />
    </div>
  );
}

interface ButtonsProps {
  readonly index: number;
  /** Index of the last snapshot; −1 where there is none. */
  readonly last: number;
  readonly live: boolean;
  readonly playing: boolean;
  seek(index: number): void;
  play(): void;
}

function Buttons({ index, last, live, playing, seek, play }: ButtonsProps): ReactElement {
  const atStart = last < 1 || index <= 0;
  const atEnd = last < 1 || live;
  return (
    <div className={styles.buttons}>
      <Button icon="first" label="First overlays" disabled={atStart} act={() => seek(0)} />
      <Button icon="previous" label="Overlays before" shortcut={0} disabled={atStart} act={() => seek(index - 1)} />
      <Button
        icon={playing ? 'pause' : 'play'}
        label={playing ? 'Hold the history' : 'Play the history'}
        disabled={last < 1}
        act={play}
        testId="play"
      />
      <Button icon="next" label="Overlays after" shortcut={1} disabled={atEnd} act={() => seek(index + 1)} />
      <Button icon="last" label="Latest overlays" disabled={atEnd} act={() => seek(last)} />
    </div>
  );
}

interface ButtonProps {
  readonly icon: IconName;
  readonly label: string;
  readonly disabled: boolean;
  /** Index of the key of the shortcut "scrub" that does the same. */
  readonly shortcut?: number;
  readonly testId?: string;
  act(): void;
}

function Button({ icon, label, disabled, shortcut, testId, act }: ButtonProps): ReactElement {
  return (
    <button
      type="button"
      className="icon-button"
      onClick={act}
      disabled={disabled}
      aria-label={label}
      {...(shortcut === undefined ? { title: label } : shortcutProps('scrub', label, shortcut))}
      data-testid={testId}
    >
      <Icon name={icon} />
    </button>
  );
}

function Pace(): ReactElement {
  const { view } = useApp();
  const pace = useView((state) => state.pace);
  return (
    <select
      value={pace}
      aria-label="Pace of the history"
      title="Overlays per second while the history plays"
      onChange={({ currentTarget }) => view.setState({ pace: Number(currentTarget.value) })}
      data-testid="pace"
    >
      {PACES.map((one) => (
        <option key={one} value={one}>
          {one} / s
        </option>
      ))}
    </select>
  );
}

/** Steps from snapshot to snapshot while it plays; stops at the latest. */
function usePlaying(steps: readonly number[]): [boolean, (playing: boolean) => void] {
  const { view } = useApp();
  const [playing, setPlaying] = useState(false);
  const pace = useView((state) => state.pace);
  useEffect(() => {
    if (!playing) return;
    const timer = setInterval(() => {
      const next = scrubBy(steps, view.getState().scrubStep, 1);
      view.setState({ scrubStep: next });
      if (next === undefined) setPlaying(false);
    }, 1000 / pace);
    return () => clearInterval(timer);
  }, [playing, steps, pace, view]);
  return [playing, setPlaying];
}

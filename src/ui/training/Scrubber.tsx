import { useEffect, useState, type ReactElement } from 'react';
import { PACES, scrubBy } from '../../state/view/view.ts';
import { useApp, useView } from '../app.ts';
import { formatCount } from '../widgets/format.ts';
import { Icon, type IconName } from '../widgets/icons.tsx';
import { ReplayMenu } from './ReplayMenu.tsx';
import { useShownSnapshot } from './useShownSnapshot.ts';

/** Goes through the overlays of the run so far. At its right end it follows the run. */
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
  const button = (icon: IconName, label: string, to: number, disabled: boolean): ReactElement => (
    <button
      type="button"
      className="icon-button"
      onClick={() => seek(to)}
      disabled={last < 1 || disabled}
      aria-label={label}
      title={label}
    >
      <Icon name={icon} />
    </button>
  );
  return (
    <div className="scrubber" role="group" aria-label="History">
      <div className="scrub-buttons">
        {button('first', 'First overlays', 0, index <= 0)}
        {button('previous', 'Overlays before (←)', index - 1, index <= 0)}
        <button
          type="button"
          className="icon-button"
          onClick={play}
          disabled={last < 1}
          aria-label={playing ? 'Hold the history' : 'Play the history'}
          title={playing ? 'Hold the history' : 'Play the history'}
          data-testid="play"
        >
          <Icon name={playing ? 'pause' : 'play'} />
        </button>
        {button('next', 'Overlays after (→)', index + 1, live)}
        {button('last', 'Latest overlays', last, live)}
      </div>
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
      <span className="scrub-step" data-testid="scrub-step">
        {snapshot ? `step ${formatCount(snapshot.step)}` : 'no overlays yet'}
      </span>
      <Pace />
      <ReplayMenu />
    </div>
  );
}

function Pace(): ReactElement {
  const { view } = useApp();
  const pace = useView((state) => state.pace);
  return (
    <select
      value={pace}
      aria-label="Pace of the history"
      title="Overlays a second while the history plays"
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

/** Leads from snapshot to snapshot while it plays, and ends where the run is. */
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

import { useEffect, useState, type ReactElement } from 'react';
import { scrubBy } from '../state/view.ts';
import { useApp } from './app.ts';
import { formatCount } from './format.ts';
import { Icon } from './icons.tsx';
import { useShownSnapshot } from './useShownSnapshot.ts';

const FRAME_MS = 350;

/** Goes through the overlays of the run so far. At its right end it follows the run. */
export function Scrubber(): ReactElement {
  const { view } = useApp();
  const { steps, index, snapshot, live } = useShownSnapshot();
  const [playing, setPlaying] = useState(false);
  const last = steps.length - 1;

  useEffect(() => {
    if (!playing) return;
    const timer = setInterval(() => {
      const next = scrubBy(steps, view.getState().scrubStep, 1);
      view.setState({ scrubStep: next });
      if (next === undefined) setPlaying(false);
    }, FRAME_MS);
    return () => clearInterval(timer);
  }, [playing, steps, view]);

  const play = (): void => {
    if (!playing && live) view.setState({ scrubStep: steps[0] });
    setPlaying(!playing);
  };
  const seek = (at: number): void => {
    setPlaying(false);
    view.setState({ scrubStep: at >= last ? undefined : steps[at] });
  };
  return (
    <div className="scrubber">
      <button
        type="button"
        className="icon-button"
        onClick={play}
        disabled={last < 1}
        aria-label={playing ? 'Hold the history' : 'Play the history'}
      >
        <Icon name={playing ? 'pause' : 'play'} />
      </button>
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
      <button type="button" className="small" disabled={live} onClick={() => seek(last)}>
        Latest
      </button>
    </div>
  );
}

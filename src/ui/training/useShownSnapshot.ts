import { useMemo } from 'react';
import type { OverlaySnapshot } from '../../state/session/live/snapshots.ts';
import { shownSnapshot } from '../../state/view/view.ts';
import { useLive, useView } from '../app.ts';

export interface ShownSnapshot {
  readonly snapshot: OverlaySnapshot | undefined;
  readonly index: number;
  /** Steps of all snapshots, oldest first. */
  readonly steps: readonly number[];
  /** Follows the run: the next snapshot will be shown too. */
  readonly live: boolean;
}

/** The snapshot under the history scrubber. */
export function useShownSnapshot(): ShownSnapshot {
  const snapshots = useLive((state) => state.snapshots);
  const scrubStep = useView((state) => state.scrubStep);
  return useMemo(() => {
    const steps = snapshots.map(({ step }) => step);
    const index = shownSnapshot(steps, scrubStep);
    return { snapshot: snapshots[index], index, steps, live: scrubStep === undefined };
  }, [snapshots, scrubStep]);
}

import type { ReactElement } from 'react';
import { useApp, useView } from '../app.ts';
import { formatPercent } from '../widgets/format.ts';
import { HealthList } from './HealthList.tsx';
import { Legend } from './Legend.tsx';
import { useShownSnapshot } from '../training/useShownSnapshot.ts';
import styles from './SlotsPanel.module.css';
import { VerdictChip } from './VerdictChip.tsx';

/** Verdict, health, the controls of the overlay, and its legend: prototypes by usage. */
export function SlotsPanel(): ReactElement {
  const { view } = useApp();
  const { snapshot } = useShownSnapshot();
  const opacity = useView((state) => state.overlayOpacity);
  const shown = useView((state) => state.overlayShown);
  const followEdges = useView((state) => state.followEdges);
  return (
    <section aria-labelledby="slots-heading">
      <div className="panel-head">
        <h2 id="slots-heading">Slots</h2>
        {snapshot && <span className="muted">at step {snapshot.step}</span>}
      </div>
      <VerdictChip />
      <HealthList />
      <div className={styles.controls}>
        <label className="inline-control">
          <input
            type="checkbox"
            checked={shown}
            onChange={({ currentTarget }) => view.setState({ overlayShown: currentTarget.checked })}
            data-testid="overlay-toggle"
          />
          Overlay
        </label>
        <input
          type="range"
          min={0}
          max={1}
          step={0.05}
          value={opacity}
          disabled={!shown}
          aria-label="Overlay opacity"
          aria-valuetext={formatPercent(opacity)}
          onChange={({ currentTarget }) => view.setState({ overlayOpacity: Number(currentTarget.value) })}
          data-testid="overlay-opacity"
        />
        <span className={styles.opacity}>{formatPercent(opacity)}</span>
      </div>
      <label className="inline-control" title="Borders of segments follow those of the photograph (guided filter).">
        <input
          type="checkbox"
          checked={followEdges}
          onChange={({ currentTarget }) => view.setState({ followEdges: currentTarget.checked })}
          data-testid="follow-edges"
        />
        Follow edges
      </label>
      {snapshot ? (
        <Legend snapshot={snapshot} />
      ) : (
        <p className="muted">Each prototype gets a color here once the first overlays are drawn.</p>
      )}
    </section>
  );
}

import { memo, useMemo, useState, type ReactElement } from 'react';
import { countPrototypes, type Snapshot } from '../state/snapshots.ts';
import { shownConfig } from '../state/sessionState.ts';
import { isolatedPrototype } from '../state/view.ts';
import { useApp, useSession, useView } from './app.ts';
import { prototypeCss } from './colours.ts';
import { formatPercent, plural } from './format.ts';
import { HealthList } from './HealthList.tsx';
import { useShownSnapshot } from './useShownSnapshot.ts';
import { VerdictChip } from './VerdictChip.tsx';

/** Legend of the overlays: prototypes by usage, and the controls of the overlay. */
export function SlotsPanel(): ReactElement {
  const { view } = useApp();
  const { snapshot } = useShownSnapshot();
  const count = useSession((state) => shownConfig(state)?.prototypes ?? 0);
  const opacity = useView((state) => state.overlayOpacity);
  const shown = useView((state) => state.overlayShown);
  return (
    <section className="panel slots-panel" aria-labelledby="slots-heading">
      <div className="panel-head">
        <h2 id="slots-heading">Slots</h2>
        {snapshot && <span className="muted">at step {snapshot.step}</span>}
      </div>
      <VerdictChip />
      <HealthList />
      <div className="overlay-controls">
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
        <span className="range-value">{formatPercent(opacity)}</span>
      </div>
      {snapshot ? (
        <Legend snapshot={snapshot} count={count} />
      ) : (
        <p className="muted">Each prototype gets a colour here once the first overlays are drawn.</p>
      )}
    </section>
  );
}

const FOLDED = 24;

function Legend({ snapshot, count }: { readonly snapshot: Snapshot; readonly count: number }): ReactElement {
  const isolated = useView(isolatedPrototype);
  const pinned = useView((state) => state.pinned);
  const [all, setAll] = useState(false);
  const ranked = useMemo(() => rankPrototypes(snapshot, count), [snapshot, count]);
  const top = ranked[0]?.usage ?? 0;
  const rows = all ? ranked : ranked.slice(0, FOLDED);
  return (
    <>
      <div className="legend-head" aria-hidden="true">
        <span>share of cells</span>
        <span title="Watched images in which it is seen">images</span>
        <span>key</span>
      </div>
      <ol className="legend" aria-label="Prototypes by usage" data-testid="legend">
        {rows.map((row, rank) => (
          <LegendRow
            key={row.prototype}
            {...row}
            count={count}
            width={top > 0 ? row.usage / top : 0}
            hint={rank < 9 ? String(rank + 1) : ''}
            dimmed={isolated !== undefined && isolated !== row.prototype}
            pinned={pinned === row.prototype}
          />
        ))}
      </ol>
      {ranked.length > FOLDED && (
        <button type="button" className="link" onClick={() => setAll(!all)}>
          {all ? 'Show fewer' : `Show all ${ranked.length}`}
        </button>
      )}
    </>
  );
}

export interface RankedPrototype {
  readonly prototype: number;
  /** Share of the teacher's cells, or of the watched pixels before the first step. */
  readonly usage: number;
  /** Watched images in which it is seen. */
  readonly images: number;
}

/** Most used first; the order of the number keys too. */
export function rankPrototypes(snapshot: Snapshot, count: number): readonly RankedPrototype[] {
  return countPrototypes(snapshot.overlays, count)
    .map(({ images, share }, prototype) => ({ prototype, images, usage: snapshot.usage[prototype] ?? share }))
    .sort((a, b) => b.usage - a.usage || a.prototype - b.prototype);
}

interface RowProps extends RankedPrototype {
  readonly count: number;
  /** Length of the bar, 0…1. */
  readonly width: number;
  readonly hint: string;
  readonly dimmed: boolean;
  readonly pinned: boolean;
}

const LegendRow = memo(function LegendRow(row: RowProps): ReactElement {
  const { view } = useApp();
  const { prototype, usage, images, count } = row;
  const colour = prototypeCss(prototype, count);
  return (
    <li>
      <button
        type="button"
        className={row.dimmed ? 'legend-row dimmed' : 'legend-row'}
        aria-pressed={row.pinned}
        title={`${(100 * usage).toFixed(3)}% of all cells`}
        aria-label={`Slot ${prototype + 1}: ${formatPercent(usage)} of all cells, in ${plural(images, 'watched image')}`}
        onPointerEnter={() => view.setState({ hovered: prototype })}
        onPointerLeave={() => view.setState({ hovered: undefined })}
        onFocus={({ currentTarget }) =>
          currentTarget.matches(':focus-visible') && view.setState({ hovered: prototype })
        }
        onBlur={() => view.setState({ hovered: undefined })}
        onClick={() => view.setState({ pinned: row.pinned ? undefined : prototype, hovered: undefined })}
        data-testid="legend-row"
        data-prototype={prototype}
      >
        <span className="swatch" style={{ background: colour }} />
        <span className="legend-name">Slot {prototype + 1}</span>
        <span className="bar">
          <span style={{ background: colour, transform: `scaleX(${row.width})` }} />
        </span>
        <span className="legend-share">{formatPercent(usage)}</span>
        <span className="legend-count" title={`seen in ${plural(images, 'watched image')}`}>
          {images}
        </span>
        <kbd aria-hidden="true">{row.hint}</kbd>
      </button>
    </li>
  );
});

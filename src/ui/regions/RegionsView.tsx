import { useDeferredValue, useState, type ReactElement } from 'react';
import type { RegionOverview } from '../../domain/regions.ts';
import { ViewPane } from '../widgets/ViewPane.tsx';
import { RegionSide } from './list/RegionSide.tsx';
import type { ColorKind } from './map/mapGroups.ts';
import { MapLegend } from './map/MapLegend.tsx';
import { RegionMap } from './map/RegionMap.tsx';
import { useMapGroups } from './map/useMapGroups.ts';
import { RegionsHead } from './RegionsHead.tsx';
import styles from './RegionsView.module.css';
import { useFolderMapState } from './useFolderMap.ts';

/** The folder as a map: every region of every photograph. */
export function RegionsView(): ReactElement {
  const overview = useFolderMapState((state) => state.overview);
  // A large table's first drawing is long: as that of a deferred value, React does it in pieces.
  const isSettled = useDeferredValue(overview) === overview;
  const hasClasses = useFolderMapState((state) => state.classes !== undefined);
  const [kind, setKind] = useState<ColorKind>('prototype');
  const shown = kind === 'class' && !hasClasses ? 'prototype' : kind;
  return (
    <ViewPane testId="map">
      <RegionsHead>
        {overview && (
          <label className="inline-control">
            Color by
            <select
              value={shown}
              onChange={({ currentTarget }) => setKind(currentTarget.value as ColorKind)}
              data-testid="map-color"
            >
              <option value="prototype">slot</option>
              <option value="folder">folder</option>
              <option value="date">date</option>
              {hasClasses && <option value="class">mask class</option>}
            </select>
          </label>
        )}
      </RegionsHead>
      {overview && isSettled && overview.regions.count > 0 && <Body overview={overview} kind={shown} />}
    </ViewPane>
  );
}

function Body({ overview, kind }: { readonly overview: RegionOverview; readonly kind: ColorKind }): ReactElement {
  const positions = useFolderMapState((state) => state.positions);
  const classes = useFolderMapState((state) => state.classes);
  const groups = useMapGroups(kind, overview, classes);
  return (
    <div className={styles.body}>
      <section className={styles.map} aria-label="Map">
        {positions ? (
          <RegionMap overview={overview} groups={groups} positions={positions} />
        ) : (
          <div className={styles.waiting}>The map appears here as it is laid out.</div>
        )}
        <MapLegend kind={kind} groups={groups} />
      </section>
      <section className={styles.side} aria-label="Regions">
        <RegionSide overview={overview} />
      </section>
    </div>
  );
}

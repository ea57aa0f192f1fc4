import { useMemo, type ReactElement } from 'react';
import { formatCount } from '../../widgets/format.ts';
import { useFolderMap } from '../useFolderMap.ts';
import type { ColorKind, MapGroups } from './mapGroups.ts';
import styles from './MapLegend.module.css';

const MAX_SHOWN = 24;

interface LegendProps {
  readonly kind: ColorKind;
  readonly groups: MapGroups;
}

/** The groups that points are colored by, largest first; a click selects the regions of one. */
export function MapLegend({ kind, groups }: LegendProps): ReactElement {
  const map = useFolderMap();
  const ranked = useMemo(() => rankGroups(groups), [groups]);
  const select = (group: number): void => {
    const inside: number[] = [];
    for (let region = 0; region < groups.of.length; region++) if (groups.of[region] === group) inside.push(region);
    map.select(inside, 'replace');
    void map.show('selected');
  };
  return (
    <ul className={styles.legend} aria-label="Colors of the map" data-kind={kind} data-testid="map-legend">
      {ranked.slice(0, MAX_SHOWN).map(({ group, count }) => {
        const { label, color } = groups.groups[group];
        return (
          <li key={group}>
            <button type="button" className="link" title={`Select ${label}`} onClick={() => select(group)}>
              <span className="swatch" style={{ background: `rgb(${color.join(' ')})` }} /> {label}{' '}
              <span className="muted">{formatCount(count)}</span>
            </button>
          </li>
        );
      })}
      {ranked.length > MAX_SHOWN && <li className="muted">and {ranked.length - MAX_SHOWN} more</li>}
    </ul>
  );
}

function rankGroups({ of, groups }: MapGroups): readonly { readonly group: number; readonly count: number }[] {
  const counts = new Uint32Array(groups.length);
  for (const group of of) counts[group]++;
  return Array.from(counts, (count, group) => ({ group, count }))
    .filter(({ count }) => count > 0)
    .sort((a, b) => b.count - a.count);
}

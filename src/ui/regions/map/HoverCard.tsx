import type { ReactElement } from 'react';
import type { RegionOverview } from '../../../domain/regions.ts';
import { useClasses } from '../../slots/useClasses.ts';
import { formatPercent } from '../../widgets/format.ts';
import { Cutout } from '../list/Cutout.tsx';
import { useFolderMapState } from '../useFolderMap.ts';
import styles from './HoverCard.module.css';
import type { MapPlace } from './mapWindow.ts';

interface CardProps {
  readonly overview: RegionOverview;
  /** In pixels of the stage. */
  readonly at: MapPlace;
}

/** Of the card with its distance from the pointer, in px. */
const [WIDTH, HEIGHT] = [184, 216];

/** The region that is pointed at, beside the pointer. */
export function HoverCard({ overview, at }: CardProps): ReactElement | null {
  const pointed = useFolderMapState((state) => state.pointed);
  const { labelOf } = useClasses();
  if (pointed === undefined) return null;
  const { regions, photographs } = overview;
  const image = regions.image[pointed];
  const label = labelOf(regions.prototype[pointed]);
  return (
    <div
      className={styles.card}
      // On the side of the pointer that has room.
      style={{
        [at.x > WIDTH ? 'right' : 'left']: at.x > WIDTH ? `calc(100% - ${at.x - 12}px)` : `${at.x + 12}px`,
        [at.y > HEIGHT ? 'bottom' : 'top']: at.y > HEIGHT ? `calc(100% - ${at.y - 12}px)` : `${at.y + 12}px`,
      }}
      role="status"
      data-testid="map-card"
    >
      <Cutout overview={overview} image={image} region={pointed} className={styles.cutout} />
      <strong>{label}</strong>
      <span className="muted">{photographs.paths[image]}</span>
      <span className="muted">
        {formatPercent(regions.area[pointed])} of the image · confidence {regions.confidence[pointed].toFixed(2)}
      </span>
    </div>
  );
}

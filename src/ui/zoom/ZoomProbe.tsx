import { useMemo, type ReactElement } from 'react';
import type { Overlay } from '../../domain/reports.ts';
import { slotCounts } from '../../domain/slotCounts.ts';
import { useView } from '../app.ts';
import { rankCounts } from '../slots/rankCounts.ts';
import type { ShownClasses } from '../slots/useClasses.ts';
import { prototypeCss } from '../widgets/colors.ts';
import { formatPercent } from '../widgets/format.ts';
import type { Zoom } from './useZoom.ts';
import { probedLabel } from './zoomActions.ts';
import styles from './ZoomProbe.module.css';

interface ProbeProps {
  readonly overlay: Overlay;
  readonly zoom: Zoom;
  readonly classes: ShownClasses;
  readonly isolated: number | undefined;
}

/** The slot under the pointer, and the keys. */
export function ZoomProbe({ overlay, zoom, classes, isolated }: ProbeProps): ReactElement {
  const { count, labelOf } = classes;
  const ranked = useMemo(() => rankCounts(slotCounts(overlay, count)), [overlay, count]);
  const followEdges = useView((state) => state.followEdges);
  const label = probedLabel(zoom, overlay, followEdges) ?? isolated;
  const fraction = ranked.find(({ prototype }) => prototype === label)?.fraction ?? 0;
  return (
    <footer className={styles.foot}>
      <output className={styles.probe} data-testid="zoom-probe">
        {label === undefined ? (
          'No slot here'
        ) : (
          <>
            <span className="swatch" style={{ background: prototypeCss(label, count) }} />
            {labelOf(label)} · {formatPercent(fraction)} of the image
          </>
        )}
        <span className="muted">{zoom.pointer ? 'under the pointer' : 'at the middle'}</span>
      </output>
      <span className={styles.keys}>
        wheel, pinch, + − enlarge · drag or arrows move · Enter or a click isolates · O overlay · S side by side
      </span>
    </footer>
  );
}

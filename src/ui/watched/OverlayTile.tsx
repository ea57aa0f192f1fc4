import { memo, useMemo, type ReactElement } from 'react';
import type { Overlay } from '../../domain/reports.ts';
import { slotCounts } from '../../domain/slotCounts.ts';
import { useApp } from '../app.ts';
import { prototypeCss } from '../widgets/colors.ts';
import { formatPercent } from '../widgets/format.ts';
import { Icon } from '../widgets/icons.tsx';
import { OriginalImage, OverlayImage } from './OverlayImage.tsx';
import styles from './OverlayTile.module.css';
import tiles from './Tiles.module.css';
import { rankCounts } from '../slots/rankCounts.ts';
import type { ShownClasses } from '../slots/useClasses.ts';

interface TileProps {
  readonly overlay: Overlay;
  readonly classes: ShownClasses;
  /** First prototype of the isolated class. */
  readonly isolated: number | undefined;
  /** Shows the image itself beside the overlay. */
  readonly sideBySide: boolean;
}

/** A watched image with its overlay, its name, and a button that enlarges it. */
export const OverlayTile = memo(function OverlayTile({
  overlay,
  classes,
  isolated,
  sideBySide,
}: TileProps): ReactElement {
  const { view } = useApp();
  const { imageIndex, path } = overlay;
  const { count, labelOf } = classes;
  const ranked = useMemo(() => rankCounts(slotCounts(overlay, count)), [overlay, count]);
  const described = ranked
    .slice(0, 3)
    .map(({ prototype, fraction }) => `${labelOf(prototype)} ${formatPercent(fraction)}`);
  const name = path.split('/').at(-1) ?? path;
  const isolatedFraction =
    isolated === undefined ? undefined : (ranked.find(({ prototype }) => prototype === isolated)?.fraction ?? 0);
  return (
    <figure className={styles.tile} data-testid="overlay-tile" data-path={path}>
      <div className={tiles.images}>
        {sideBySide && <OriginalImage overlay={overlay} />}
        <OverlayImage overlay={overlay} label={`${name}: ${described.join(', ')}`} count={count} isolated={isolated} />
        <button
          type="button"
          className={`icon-button ${styles.zoom}`}
          aria-label={`Enlarge ${name}`}
          title="Enlarge"
          onClick={() => view.setState({ zoomed: imageIndex, hovered: undefined })}
          data-testid="zoom"
        >
          <Icon name="enlarge" />
        </button>
      </div>
      <figcaption className={tiles.caption} title={path}>
        {isolatedFraction === undefined || isolated === undefined ? (
          name
        ) : (
          <>
            <span className={`swatch ${styles.swatch}`} style={{ background: prototypeCss(isolated, count) }} />
            {labelOf(isolated)} · {formatPercent(isolatedFraction)}
          </>
        )}
      </figcaption>
    </figure>
  );
});

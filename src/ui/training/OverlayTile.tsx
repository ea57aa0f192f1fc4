import { memo, useMemo, type ReactElement } from 'react';
import type { Overlay } from '../../domain/reports.ts';
import { useApp } from '../app.ts';
import { prototypeCss } from '../widgets/colors.ts';
import { formatPercent } from '../widgets/format.ts';
import { Icon } from '../widgets/icons.tsx';
import { OverlayPicture, PictureCanvas } from './OverlayImage.tsx';
import { rankLabels } from '../slots/rankLabels.ts';
import type { ShownClasses } from '../slots/useClasses.ts';

interface TileProps {
  readonly overlay: Overlay;
  readonly classes: ShownClasses;
  /** The first prototype of the class that is shown alone. */
  readonly isolated: number | undefined;
  /** The picture itself stands beside it. */
  readonly sideBySide: boolean;
}

/** A watched image with its slots, its name, and the way to see it large. */
export const OverlayTile = memo(function OverlayTile({
  overlay,
  classes,
  isolated,
  sideBySide,
}: TileProps): ReactElement {
  const { view } = useApp();
  const { labels, imageIndex, path } = overlay;
  const { count, labelOf } = classes;
  const ranked = useMemo(() => rankLabels(labels, count), [labels, count]);
  const described = ranked.slice(0, 3).map(({ prototype, share }) => `${labelOf(prototype)} ${formatPercent(share)}`);
  const name = path.split('/').at(-1) ?? path;
  const held =
    isolated === undefined ? undefined : (ranked.find(({ prototype }) => prototype === isolated)?.share ?? 0);
  return (
    <figure className="tile" data-testid="overlay-tile" data-path={path}>
      <div className="tile-pictures">
        {sideBySide && (
          <div className="tile-frame" data-testid="original">
            <PictureCanvas overlay={overlay} />
          </div>
        )}
        <OverlayPicture
          overlay={overlay}
          label={`${name}: ${described.join(', ')}`}
          count={count}
          isolated={isolated}
        />
        <button
          type="button"
          className="icon-button tile-zoom"
          aria-label={`Enlarge ${name}`}
          title="Enlarge"
          onClick={() => view.setState({ zoomed: imageIndex, hovered: undefined })}
          data-testid="zoom"
        >
          <Icon name="enlarge" />
        </button>
      </div>
      <figcaption title={path}>
        {held === undefined || isolated === undefined ? (
          name
        ) : (
          <>
            <span className="swatch" style={{ background: prototypeCss(isolated, count) }} />
            {labelOf(isolated)} · {formatPercent(held)}
          </>
        )}
      </figcaption>
    </figure>
  );
});

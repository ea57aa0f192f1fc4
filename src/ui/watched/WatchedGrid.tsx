import { lazy, Suspense, useMemo, type ReactElement } from 'react';
import type { Overlay } from '../../domain/reports.ts';
import { datasetOf, type ImageSummary } from '../../state/session/images.ts';
import { shownConfig } from '../../state/session/resume.ts';
import { isolatedPrototype } from '../../state/view/view.ts';
import { useApp, useSession, useView } from '../app.ts';
import { useClasses } from '../slots/useClasses.ts';
import { useShownSnapshot } from '../training/useShownSnapshot.ts';
import { shortcutProps } from '../widgets/shortcuts.ts';
import { OverlayTile } from './OverlayTile.tsx';
import { ThumbTile } from './ThumbTile.tsx';
import tiles from './Tiles.module.css';
import styles from './WatchedGrid.module.css';

/** Loaded when an image is first enlarged. */
const ZoomDialog = lazy(async () => ({ default: (await import('../zoom/ZoomDialog.tsx')).ZoomDialog }));

/** The watched images at the step that is shown. Their places are there before the first overlay is. */
export function WatchedGrid(): ReactElement {
  const { snapshot } = useShownSnapshot();
  const sideBySide = useView((state) => state.sideBySide);
  const classes = useClasses();
  const isolated = classes.leaderOf(useView(isolatedPrototype));
  const shown = useView((state) => state.overlayShown);
  const opacity = useView((state) => state.overlayOpacity);
  const watchedImages = useSession((state) => shownConfig(state)?.watchedImages);
  const style = { '--overlay-opacity': shown ? opacity : 0 } as Record<string, number>;
  const overlays = useMemo(
    () => (snapshot?.overlays ?? []).map((overlay) => byClass(overlay, classes.leaders)),
    [snapshot, classes],
  );
  const thumbnails = useWatchedThumbnails(overlays.length > 0 ? 0 : (watchedImages ?? 0));
  const placeholders = Math.max(0, (watchedImages ?? 8) - overlays.length);
  const shownAlone = shown ? isolated : undefined;
  const isZoomed = useView((state) => state.zoomed !== undefined);
  return (
    <section
      className={styles.watched}
      aria-label="Watched images"
      style={style}
      data-testid="watched"
      data-step={snapshot?.step}
    >
      <Head sideBySide={sideBySide} />
      <div className={`${tiles.tiles} ${sideBySide ? tiles.paired : ''}`}>
        {overlays.map((overlay) => (
          <OverlayTile
            key={overlay.imageIndex}
            overlay={overlay}
            classes={classes}
            isolated={shownAlone}
            sideBySide={sideBySide}
          />
        ))}
        {Array.from({ length: placeholders }, (_, index) => (
          <Placeholder key={`place-${index}`} thumbnail={thumbnails.at(index)} sideBySide={sideBySide} />
        ))}
      </div>
      {isZoomed && (
        <Suspense>
          <ZoomDialog overlays={overlays} classes={classes} isolated={shownAlone} />
        </Suspense>
      )}
    </section>
  );
}

function Head({ sideBySide }: { readonly sideBySide: boolean }): ReactElement {
  const { view } = useApp();
  return (
    <div className="panel-head">
      <h2>Watched images</h2>
      <button
        type="button"
        className="small"
        aria-pressed={sideBySide}
        {...shortcutProps('sideBySide', 'Each image beside its overlay')}
        onClick={() => view.setState({ sideBySide: !sideBySide })}
        data-testid="side-by-side"
      >
        Side by side
      </button>
    </div>
  );
}

interface PlaceholderProps {
  readonly thumbnail: ImageSummary | undefined;
  readonly sideBySide: boolean;
}

function Placeholder({ thumbnail, sideBySide }: PlaceholderProps): ReactElement {
  return (
    <figure aria-hidden="true">
      <div className={tiles.images}>
        <ThumbTile image={thumbnail} className={tiles.waiting} />
        {sideBySide && <ThumbTile image={undefined} />}
      </div>
      <figcaption className={tiles.caption} />
    </figure>
  );
}

/** The overlay with each label as the first prototype of its class; itself where every class is a single prototype. */
function byClass(overlay: Overlay, leaders: Uint16Array): Overlay {
  if (leaders.every((leader, prototype) => leader === prototype)) return overlay;
  return { ...overlay, grid: { ...overlay.grid, leaders }, edges: { ...overlay.edges, leaders } };
}

/** Thumbnails of the images that will be watched, spread over the dataset as the trainer spreads them. */
function useWatchedThumbnails(count: number): readonly (ImageSummary | undefined)[] {
  const dataset = useSession(({ images }) => datasetOf(images));
  return useMemo(() => {
    // Which images these are is known only where every image has a thumbnail.
    if (!dataset || dataset.images.length < dataset.usable) return [];
    const { images } = dataset;
    const shown = Math.min(count, images.length);
    return Array.from({ length: shown }, (_, slot) => images[Math.floor((slot * images.length) / shown)]);
  }, [count, dataset]);
}

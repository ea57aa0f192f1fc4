import { useMemo, type ReactElement } from 'react';
import type { Overlay } from '../../domain/reports.ts';
import { datasetOf, shownConfig, type ImageSummary } from '../../state/session/state.ts';
import { isolatedPrototype } from '../../state/view/view.ts';
import { useApp, useSession, useView } from '../app.ts';
import { Thumb } from '../images/ThumbGrid.tsx';
import { OverlayTile } from './OverlayTile.tsx';
import { useClasses } from '../slots/useClasses.ts';
import { useShownSnapshot } from './useShownSnapshot.ts';
import { ZoomDialog } from '../zoom/ZoomDialog.tsx';

/** The watched images at the step that is looked at. The places are there before the first overlay is. */
export function WatchedGrid(): ReactElement {
  const { view } = useApp();
  const { snapshot } = useShownSnapshot();
  const sideBySide = useView((state) => state.sideBySide);
  const classes = useClasses();
  const isolated = classes.leaders[useView(isolatedPrototype) ?? -1];
  const shown = useView((state) => state.overlayShown);
  const opacity = useView((state) => state.overlayOpacity);
  const config = useSession(shownConfig);
  const style = { '--overlay-opacity': shown ? opacity : 0 } as Record<string, number>;
  const overlays = useMemo(
    () => (snapshot?.overlays ?? []).map((overlay) => byClass(overlay, classes.leaders)),
    [snapshot, classes],
  );
  const waiting = useWaiting(overlays.length > 0 ? 0 : (config?.watchedImages ?? 0));
  const places = Math.max(overlays.length, config?.watchedImages ?? 8);
  return (
    <section
      className="watched"
      aria-label="Watched images"
      style={style}
      data-testid="watched"
      data-step={snapshot?.step}
    >
      <div className="panel-head">
        <h2>Watched images</h2>
        <button
          type="button"
          className="small"
          aria-pressed={sideBySide}
          aria-keyshortcuts="s"
          title="Each image beside its overlay (S)"
          onClick={() => view.setState({ sideBySide: !sideBySide })}
          data-testid="side-by-side"
        >
          Side by side
        </button>
      </div>
      <div className={sideBySide ? 'tiles paired' : 'tiles'}>
        {Array.from({ length: places }, (_, index) => {
          const overlay = overlays[index];
          if (overlay) {
            return (
              <OverlayTile
                key={overlay.imageIndex}
                overlay={overlay}
                classes={classes}
                isolated={shown ? isolated : undefined}
                sideBySide={sideBySide}
              />
            );
          }
          return (
            <figure key={`place-${index}`} className="tile" aria-hidden="true">
              <div className="tile-pictures">
                <div className="tile-frame waiting">{waiting[index] && <Thumb picture={waiting[index]} />}</div>
                {sideBySide && <div className="tile-frame" />}
              </div>
              <figcaption />
            </figure>
          );
        })}
      </div>
      <ZoomDialog overlays={overlays} classes={classes} isolated={shown ? isolated : undefined} />
    </section>
  );
}

/** The overlay with each pixel as the first prototype of its class; itself where every class is a single prototype. */
function byClass(overlay: Overlay, leaders: Uint16Array): Overlay {
  if (leaders.every((leader, prototype) => leader === prototype)) return overlay;
  const { imageIndex, path, size, rgb } = overlay;
  return { imageIndex, path, size, rgb, labels: overlay.labels.map((prototype) => leaders[prototype] ?? prototype) };
}

/** Thumbnails of the images that will be watched, spread over the folder as the trainer spreads them. */
function useWaiting(count: number): readonly (ImageSummary | undefined)[] {
  const dataset = useSession(({ images }) => datasetOf(images));
  return useMemo(() => {
    // Only where all have thumbnails it is known which is which.
    if (!dataset || dataset.pictures.length < dataset.usable) return [];
    const { pictures } = dataset;
    const shown = Math.min(count, pictures.length);
    return Array.from({ length: shown }, (_, slot) => pictures[Math.floor((slot * pictures.length) / shown)]);
  }, [count, dataset]);
}

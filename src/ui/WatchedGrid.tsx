import { useMemo, type ReactElement } from 'react';
import { datasetOf, shownConfig, type Picture } from '../state/sessionState.ts';
import { isolatedPrototype } from '../state/view.ts';
import { useSession, useView } from './app.ts';
import { Thumb } from './ThumbGrid.tsx';
import { OverlayTile } from './OverlayTile.tsx';
import { useClasses } from './useClasses.ts';
import { useShownSnapshot } from './useShownSnapshot.ts';

/** The watched images at the step that is looked at. The places are there before the first overlay is. */
export function WatchedGrid(): ReactElement {
  const { snapshot } = useShownSnapshot();
  const classes = useClasses();
  const isolated = classes.leaders[useView(isolatedPrototype) ?? -1];
  const shown = useView((state) => state.overlayShown);
  const opacity = useView((state) => state.overlayOpacity);
  const config = useSession(shownConfig);
  const style = { '--overlay-opacity': shown ? opacity : 0 } as Record<string, number>;
  const overlays = snapshot?.overlays ?? [];
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
      <div className="tiles">
        {Array.from({ length: places }, (_, index) => {
          const overlay = overlays[index];
          if (overlay) {
            return (
              <OverlayTile
                key={overlay.imageIndex}
                overlay={overlay}
                classes={classes}
                isolated={shown ? isolated : undefined}
              />
            );
          }
          return (
            <figure key={`place-${index}`} className="tile" aria-hidden="true">
              <div className="tile-frame waiting">{waiting[index] && <Thumb picture={waiting[index]} />}</div>
              <figcaption />
            </figure>
          );
        })}
      </div>
    </section>
  );
}

/** Thumbnails of the images that will be watched, spread over the folder as the trainer spreads them. */
function useWaiting(count: number): readonly (Picture | undefined)[] {
  const dataset = useSession(({ images }) => datasetOf(images));
  return useMemo(() => {
    const shown = Math.min(count, dataset?.usable ?? 0);
    return Array.from({ length: shown }, (_, slot) => {
      return dataset?.pictures[Math.floor((slot * dataset.usable) / shown)];
    });
  }, [count, dataset]);
}

import { useLayoutEffect, useRef, type ReactElement } from 'react';
import type { Overlay } from '../../domain/reports.ts';
import { useView } from '../app.ts';
import { useWheel } from './useWheel.ts';
import type { Zoom } from './useZoom.ts';
import { usePointing } from './usePointing.ts';
import { ZoomPane } from './ZoomPane.tsx';
import styles from './ZoomStage.module.css';
import { zoomAt } from './zoomWindow.ts';

interface StageProps {
  readonly overlay: Overlay;
  readonly zoom: Zoom;
  readonly count: number;
  readonly isolated: number | undefined;
  readonly name: string;
}

/** The pane with the overlay and, on demand, one with the image beside it: both show the same viewport. */
export function ZoomStage(props: StageProps): ReactElement {
  const { zoom, overlay } = props;
  const shown = useView((state) => state.overlayShown);
  const sideBySide = useView((state) => state.sideBySide);
  const pane = useRef<HTMLDivElement>(null);
  const { resize } = zoom;
  useLayoutEffect(() => {
    const element = pane.current;
    if (!element) return;
    // Where showModal puts the focus; React's `autoFocus` is for form controls only.
    element.autofocus = true;
    const measure = (): void => resize({ width: element.clientWidth || 1, height: element.clientHeight || 1 });
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [resize, sideBySide]);
  useWheel(pane, (factor, x, y) => zoom.show(zoomAt(zoom.viewport, factor, x, y, overlay.dimensions, zoom.stage)));
  const pointing = usePointing(overlay, zoom);
  return (
    <div className={styles.stage} data-testid="zoom-stage" data-scale={zoom.viewport.scale.toFixed(3)}>
      {sideBySide && (
        <div className={styles.pane}>
          <ZoomPane {...props} overlaid={false} />
        </div>
      )}
      <div
        ref={pane}
        className={`${styles.pane} ${styles.live}`}
        tabIndex={0}
        role="img"
        aria-label={props.name}
        {...pointing}
      >
        <ZoomPane {...props} overlaid={shown} />
      </div>
    </div>
  );
}

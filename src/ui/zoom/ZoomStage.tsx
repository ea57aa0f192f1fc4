import { useEffect, useLayoutEffect, useRef, type ReactElement, type RefObject } from 'react';
import type { Overlay } from '../../domain/reports.ts';
import { useView } from '../app.ts';
import { useLatest } from '../widgets/useLatest.ts';
import type { Zoom } from './useZoom.ts';
import { usePointing } from './usePointing.ts';
import { ZoomPane } from './ZoomPane.tsx';
import styles from './ZoomStage.module.css';
import { zoomAt, type ImageSize } from './zoomWindow.ts';

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
  useWheel(pane, zoom, overlay.dimensions);
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

/** React's own wheel listeners are passive; this one keeps the page from scrolling. */
function useWheel(pane: RefObject<HTMLElement | null>, zoom: Zoom, size: ImageSize): void {
  const latest = useLatest(zoom);
  useEffect(() => {
    const element = pane.current;
    if (!element) return;
    const turn = (event: WheelEvent): void => {
      event.preventDefault();
      const { viewport, stage, show } = latest.current;
      const box = element.getBoundingClientRect();
      const factor = Math.exp(-event.deltaY * (event.deltaMode === 1 ? 0.05 : event.ctrlKey ? 0.01 : 0.002));
      show(zoomAt(viewport, factor, event.clientX - box.left, event.clientY - box.top, size, stage));
    };
    element.addEventListener('wheel', turn, { passive: false });
    return () => element.removeEventListener('wheel', turn);
  }, [pane, size, latest]);
}

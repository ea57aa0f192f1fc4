import { useEffect, useLayoutEffect, useMemo, useRef, type ReactElement, type RefObject } from 'react';
import { paintImage } from '../../domain/segmentPaint.ts';
import type { Overlay } from '../../domain/reports.ts';
import { useView } from '../app.ts';
import { drawPixels, drawSegments } from '../widgets/drawOverlay.ts';
import { frames } from '../widgets/frameQueue.ts';
import { useLatest } from '../widgets/useLatest.ts';
import type { Zoom } from './useZoom.ts';
import styles from './ZoomStage.module.css';
import { usePointing } from './usePointing.ts';
import { zoomAt, type ImageSize } from './zoomWindow.ts';

interface StageProps {
  readonly overlay: Overlay;
  readonly zoom: Zoom;
  readonly count: number;
  readonly isolated: number | undefined;
  readonly name: string;
}

/** Maximum pixels of a canvas; more are not drawn within a frame. */
const MAX_PIXELS = 1.6e6;

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
          <Pane {...props} overlaid={false} />
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
        <Pane {...props} overlaid={shown} />
      </div>
    </div>
  );
}

function Pane({ overlay, zoom, count, isolated, overlaid }: StageProps & { readonly overlaid: boolean }): ReactElement {
  const canvas = useRef<HTMLCanvasElement>(null);
  const opacity = useView((state) => state.overlayOpacity);
  const image = useImageCanvas(overlay);
  const segments = useRef<OffscreenCanvas>(undefined);
  const { stage, viewport } = zoom;
  const { grid, dimensions } = overlay;
  useEffect(() => {
    const element = canvas.current;
    if (!element) return;
    frames.add(element, () => {
      const density = Math.min(devicePixelRatio, Math.sqrt(MAX_PIXELS / (stage.width * stage.height)));
      const [width, height] = [Math.round(stage.width * density), Math.round(stage.height * density)];
      element.width = width;
      element.height = height;
      const context = element.getContext('2d');
      if (!context) return;
      const scale = viewport.scale * density;
      const [left, top] = [viewport.left * scale, viewport.top * scale];
      const [imageWidth, imageHeight] = [dimensions.width * scale, dimensions.height * scale];
      // Beyond a few screen pixels each, the pixels of the file itself should be visible.
      context.imageSmoothingEnabled = scale < 6 || image.width < dimensions.width;
      context.drawImage(image, -left, -top, imageWidth, imageHeight);
      if (!overlaid) return;
      const layer = (segments.current ??= new OffscreenCanvas(width, height));
      drawSegments(layer, grid, { imageWidth, imageHeight, left, top, width, height }, count, isolated);
      context.globalAlpha = isolated === undefined ? opacity : 1;
      context.drawImage(layer, 0, 0);
    });
    return () => frames.remove(element);
  }, [grid, dimensions, image, stage, viewport.left, viewport.top, viewport.scale, count, isolated, overlaid, opacity]);
  return <canvas ref={canvas} data-testid={overlaid ? 'zoom-canvas' : 'zoom-picture'} />;
}

/** The image as a canvas, drawn once. */
function useImageCanvas({ preview: { width, height, data } }: Overlay): OffscreenCanvas {
  return useMemo(() => {
    const canvas = new OffscreenCanvas(width, height);
    drawPixels(canvas, width, height, (out) => paintImage(data, out));
    return canvas;
  }, [width, height, data]);
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

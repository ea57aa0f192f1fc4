import { useEffect, useLayoutEffect, useRef, type MouseEvent, type PointerEvent, type ReactElement } from 'react';
import { fullRaster, paintImage } from '../../domain/segmentPaint.ts';
import type { Overlay } from '../../domain/reports.ts';
import { useApp } from '../app.ts';
import { drawPixels, drawSegments } from '../widgets/drawOverlay.ts';
import { frames } from '../widgets/frameQueue.ts';
import { useDeviceSide } from '../widgets/useDeviceSide.ts';
import styles from './OverlayImage.module.css';
import tiles from './Tiles.module.css';

interface OverlayProps {
  readonly overlay: Overlay;
  /** Description for screen readers. */
  readonly label: string;
  /** Prototypes of the run. */
  readonly count: number;
  readonly isolated: number | undefined;
}

const FADE_MS = 160;
/** Maximum side of a canvas in px; no tile needs more. */
const MAX_SIDE = 720;

/**
 * A watched image under its segmentation: three canvases, so that the compositor applies the opacity and a new
 * segmentation fades in over the previous one. Segments are drawn at the resolution of the screen.
 */
export function OverlayImage({ overlay, label, count, isolated }: OverlayProps): ReactElement {
  const frame = useRef<HTMLDivElement>(null);
  const before = useRef<HTMLCanvasElement>(null);
  const current = useRef<HTMLCanvasElement>(null);
  const side = useDeviceSide(frame, MAX_SIDE);
  const pointing = usePointing(overlay);
  const { labels, size } = overlay;

  useLayoutEffect(() => {
    const [canvas, behind] = [current.current, before.current];
    if (!canvas || !behind || side === 0) return;
    frames.add(canvas, () => {
      behind.width = canvas.width;
      behind.height = canvas.height;
      behind.getContext('2d')?.drawImage(canvas, 0, 0);
      drawSegments(canvas, { labels, size }, fullRaster(size, side), count, isolated);
      fadeIn(canvas, behind);
    });
    return () => frames.remove(canvas);
  }, [labels, size, side, count, isolated]);

  return (
    <div ref={frame} className={`${tiles.frame} ${styles.frame}`} role="img" aria-label={label} {...pointing}>
      <OriginalCanvas overlay={overlay} />
      <div className={`${styles.overlay} ${isolated === undefined ? '' : styles.isolating}`}>
        <canvas ref={before} />
        <canvas ref={current} data-testid="overlay-canvas" />
      </div>
    </div>
  );
}

/** The image as it was segmented. */
export function OriginalCanvas({ overlay: { rgb, size } }: { readonly overlay: Overlay }): ReactElement {
  const ref = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const canvas = ref.current;
    if (!canvas) return;
    frames.add(canvas, () => drawPixels(canvas, size, size, (out) => paintImage(rgb, out)));
    return () => frames.remove(canvas);
  }, [rgb, size]);
  return <canvas ref={ref} width={size} height={size} />;
}

/** Isolates the prototype under the mouse; a click pins it. */
function usePointing({ labels, size }: Overlay) {
  const { view } = useApp();
  const labelAt = (event: MouseEvent<HTMLElement>): number | undefined => {
    const box = event.currentTarget.getBoundingClientRect();
    const column = Math.floor(((event.clientX - box.left) / box.width) * size);
    const row = Math.floor(((event.clientY - box.top) / box.height) * size);
    return column >= 0 && row >= 0 && column < size && row < size ? labels[row * size + column] : undefined;
  };
  return {
    onPointerMove: (event: PointerEvent<HTMLElement>): void => {
      const hovered = event.pointerType === 'mouse' ? labelAt(event) : undefined;
      if (hovered !== view.getState().hovered) view.setState({ hovered });
    },
    onPointerLeave: (): void => view.setState({ hovered: undefined }),
    onClick: (event: MouseEvent<HTMLElement>): void => {
      const label = labelAt(event);
      view.setState(({ pinned }) => ({ pinned: pinned === label ? undefined : label }));
    },
  };
}

/** The previous segmentation stays below until the new one has faded in; then it is cleared, or it would show through. */
function fadeIn(canvas: HTMLCanvasElement, behind: HTMLCanvasElement): void {
  const clear = (): void => behind.getContext('2d')?.clearRect(0, 0, behind.width, behind.height);
  if (matchMedia('(prefers-reduced-motion: reduce)').matches) {
    clear();
    return;
  }
  const fade = canvas.animate([{ opacity: 0 }, { opacity: 1 }], { duration: FADE_MS, easing: 'ease-out' });
  fade.onfinish = clear;
}

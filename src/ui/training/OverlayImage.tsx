import { useEffect, useLayoutEffect, useRef, type MouseEvent, type PointerEvent, type ReactElement } from 'react';
import { fullRaster, paintPicture } from '../../domain/segmentPaint.ts';
import type { Overlay } from '../../domain/reports.ts';
import { useApp } from '../app.ts';
import { drawPixels, drawSegments } from '../widgets/drawOverlay.ts';
import { frames } from '../widgets/frameQueue.ts';
import { useDeviceSide } from '../widgets/useDeviceSide.ts';

interface PictureProps {
  readonly overlay: Overlay;
  /** What is seen in it, in words. */
  readonly label: string;
  /** Prototypes of the run. */
  readonly count: number;
  readonly isolated: number | undefined;
}

const FADE_MS = 160;
/** No tile needs more pixels. */
const MOST_SIDE = 720;

/**
 * A watched image under its segmentation: three canvases, so that opacity is the compositor's work and a new
 * segmentation fades in over the one before. Segments are drawn in pixels of the screen.
 */
export function OverlayPicture({ overlay, label, count, isolated }: PictureProps): ReactElement {
  const frame = useRef<HTMLDivElement>(null);
  const before = useRef<HTMLCanvasElement>(null);
  const current = useRef<HTMLCanvasElement>(null);
  const side = useDeviceSide(frame, MOST_SIDE);
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
    <div ref={frame} className="tile-frame" role="img" aria-label={label} {...pointing}>
      <PictureCanvas overlay={overlay} />
      <div className={isolated === undefined ? 'tile-overlay' : 'tile-overlay isolating'}>
        <canvas ref={before} />
        <canvas ref={current} data-testid="overlay-canvas" />
      </div>
    </div>
  );
}

/** The picture as it was segmented. */
export function PictureCanvas({ overlay: { rgb, size } }: { readonly overlay: Overlay }): ReactElement {
  const picture = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const canvas = picture.current;
    if (!canvas) return;
    frames.add(canvas, () => drawPixels(canvas, size, size, (out) => paintPicture(rgb, out)));
    return () => frames.remove(canvas);
  }, [rgb, size]);
  return <canvas ref={picture} width={size} height={size} />;
}

/** Shows alone what the mouse is over; a click keeps it so. */
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

/** The old segmentation stays below until the new one is there, then goes: where the new one is clear, it would show. */
function fadeIn(canvas: HTMLCanvasElement, behind: HTMLCanvasElement): void {
  const clear = (): void => behind.getContext('2d')?.clearRect(0, 0, behind.width, behind.height);
  if (matchMedia('(prefers-reduced-motion: reduce)').matches) {
    clear();
    return;
  }
  const fade = canvas.animate([{ opacity: 0 }, { opacity: 1 }], { duration: FADE_MS, easing: 'ease-out' });
  fade.onfinish = clear;
}

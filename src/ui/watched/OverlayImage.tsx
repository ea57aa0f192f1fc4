import { useLayoutEffect, useRef, type ReactElement } from 'react';
import { wholeWindow, type LabelWindow } from '../../domain/slotGrid.ts';
import type { Overlay } from '../../domain/reports.ts';
import { useView } from '../app.ts';
import { Photograph } from '../photograph/Photograph.tsx';
import { grayOf, shownLabel, usePicture } from '../photograph/picture.ts';
import { useImagePreview } from '../photograph/previews.ts';
import { placeStyle, wholeStyle } from '../photograph/proportions.ts';
import { useSlotPointing } from '../photograph/useSlotPointing.ts';
import { useDisplayImage } from '../photograph/useDisplayCopy.ts';
import { drawSegmentsInBands } from '../widgets/drawOverlay.ts';
import { frames } from '../widgets/frameQueue.ts';
import { useDeviceSize } from '../widgets/useDeviceSize.ts';
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
const MAX_SIDE = 1024;

/**
 * A watched image under its segmentation: canvases of their own, so that the compositor applies the opacity and a new
 * segmentation fades in over the previous one. All are drawn at the resolution of the screen.
 */
export function OverlayImage({ overlay, label, count, isolated }: OverlayProps): ReactElement {
  const frame = useRef<HTMLDivElement>(null);
  const before = useRef<HTMLCanvasElement>(null);
  const current = useRef<HTMLCanvasElement>(null);
  const { width, height } = useDeviceSize(frame, MAX_SIDE);
  const followEdges = useView((state) => state.followEdges);
  const pointing = useSlotPointing((x, y) => shownLabel(overlay, followEdges, x, y));
  const grid = followEdges ? overlay.edges : overlay.grid;
  const picture = usePicture(useWatchedImage(overlay), overlay.preview, grid.slopes ? Math.max(width, height) : 0);

  useLayoutEffect(() => {
    const [canvas, behind] = [current.current, before.current];
    if (!canvas || !behind || width * height === 0) return;
    const window = wholeWindow(width, height);
    const gray = (part: LabelWindow) => grayOf(picture, part);
    const show = (draw: () => void): void => {
      behind.width = canvas.width;
      behind.height = canvas.height;
      behind.getContext('2d')?.drawImage(canvas, 0, 0);
      draw();
      fadeIn(canvas, behind);
    };
    frames.add(canvas, drawSegmentsInBands(canvas, { grid, window, count, isolated, gray }, show));
    return () => frames.remove(canvas);
  }, [grid, picture, width, height, count, isolated]);

  return (
    <div className={tiles.frame} style={placeStyle(overlay.dimensions)}>
      <div
        ref={frame}
        className={`${tiles.whole} ${styles.whole}`}
        style={wholeStyle(overlay.dimensions)}
        role="img"
        aria-label={label}
        {...pointing}
      >
        <WatchedPhotograph overlay={overlay} />
        <div className={`${styles.overlay} ${isolated === undefined ? '' : styles.isolating}`}>
          <canvas ref={before} />
          <canvas ref={current} data-testid="overlay-canvas" />
        </div>
      </div>
    </div>
  );
}

/** The image beside its overlay. */
export function OriginalImage({ overlay }: { readonly overlay: Overlay }): ReactElement {
  return (
    <div className={tiles.frame} style={placeStyle(overlay.dimensions)} data-testid="original">
      <WatchedPhotograph overlay={overlay} />
    </div>
  );
}

function WatchedPhotograph({ overlay }: { readonly overlay: Overlay }): ReactElement {
  return <Photograph image={useWatchedImage(overlay)} preview={useImagePreview(overlay.preview)} />;
}

const useWatchedImage = ({ imageIndex, path }: Overlay) => useDisplayImage('watched', imageIndex, path);

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

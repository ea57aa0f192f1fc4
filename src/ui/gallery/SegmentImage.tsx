import { useEffect, useRef, type ReactElement } from 'react';
import type { GallerySegment } from '../../domain/reports.ts';
import { wholeWindow, type LabelWindow } from '../../domain/slotGrid.ts';
import { useView } from '../app.ts';
import { Photograph } from '../photograph/Photograph.tsx';
import { grayOf, usePicture } from '../photograph/picture.ts';
import { useImagePreview } from '../photograph/previews.ts';
import { placeStyle, wholeStyle } from '../photograph/proportions.ts';
import { useDisplayImage } from '../photograph/useDisplayCopy.ts';
import { useOnScreen } from '../photograph/useOnScreen.ts';
import { drawSegmentsInBands } from '../widgets/drawOverlay.ts';
import { frames } from '../widgets/frameQueue.ts';
import { useDeviceSize } from '../widgets/useDeviceSize.ts';
import styles from './SegmentImage.module.css';

interface ImageProps {
  readonly segment: GallerySegment;
  /** Prototypes of the run. */
  readonly count: number;
}

/** Maximum longer side in device pixels. */
const MAX_SIDE = 1024;

/** A whole image as wide as its parent, with everything but the segment dimmed. */
export function SegmentImage({ segment, count }: ImageProps): ReactElement {
  const { prototype, overlay } = segment;
  const { imageIndex, path, dimensions, preview } = overlay;
  const whole = useRef<HTMLSpanElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const { width, height } = useDeviceSize(whole, MAX_SIDE);
  const image = useDisplayImage('present', imageIndex, path);
  const grid = useView((state) => (state.followEdges ? overlay.edges : overlay.grid));
  const side = useOnScreen(whole) && grid.slopes ? Math.max(width, height) : 0;
  const picture = usePicture(image, preview, side);
  useEffect(() => {
    const element = canvas.current;
    if (!element || width * height === 0) return;
    const window = wholeWindow(width, height);
    const gray = (part: LabelWindow) => grayOf(picture, part);
    frames.add(element, drawSegmentsInBands(element, { grid, window, count, isolated: prototype, gray }));
    return () => frames.remove(element);
  }, [grid, picture, width, height, count, prototype]);
  return (
    <span className={styles.place} style={placeStyle(dimensions)} aria-hidden="true" data-testid="segment-image">
      <span ref={whole} className={styles.whole} style={wholeStyle(dimensions)}>
        <Photograph image={image} preview={useImagePreview(preview)} />
        <canvas ref={canvas} className={styles.segment} />
      </span>
    </span>
  );
}

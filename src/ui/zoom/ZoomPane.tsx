import { useEffect, useRef, type ReactElement } from 'react';
import type { Overlay } from '../../domain/reports.ts';
import type { LabelWindow } from '../../domain/slotGrid.ts';
import { useView } from '../app.ts';
import { drawableOf, grayOf, usePicture, type Picture } from '../photograph/picture.ts';
import { useDisplayImage } from '../photograph/useDisplayCopy.ts';
import { drawSegments } from '../widgets/drawOverlay.ts';
import { frames } from '../widgets/frameQueue.ts';
import type { Zoom } from './useZoom.ts';
import { copySide, type ImageSize, type Stage, type ZoomWindow } from './zoomWindow.ts';

interface PaneProps {
  readonly overlay: Overlay;
  readonly zoom: Zoom;
  readonly count: number;
  readonly isolated: number | undefined;
  /** Shows the segments over the image. */
  readonly overlaid: boolean;
}

/** Maximum pixels of the segments; more are not painted within a frame. */
const MAX_SEGMENT_PIXELS = 1.6e6;

/** The visible part of an image at the resolution of the screen, and its segments on a canvas of their own. */
export function ZoomPane({ overlay, zoom, count, isolated, overlaid }: PaneProps): ReactElement {
  const picture = useRef<HTMLCanvasElement>(null);
  const segments = useRef<HTMLCanvasElement>(null);
  const opacity = useView((state) => state.overlayOpacity);
  const image = useImage(overlay, zoom);
  const { stage, viewport } = zoom;
  const { dimensions } = overlay;
  const grid = useView((state) => (state.followEdges ? overlay.edges : overlay.grid));
  const { left, top, scale } = viewport;
  useEffect(() => {
    const canvas = picture.current;
    if (!canvas) return;
    frames.add(canvas, () => {
      drawImage(canvas, image, dimensions, stage, { left, top, scale });
      if (segments.current) {
        const density = Math.min(devicePixelRatio, Math.sqrt(MAX_SEGMENT_PIXELS / (stage.width * stage.height)));
        const window = windowOf(dimensions, stage, { left, top, scale }, density);
        const gray = (part: LabelWindow) => grayOf(image, part);
        drawSegments(segments.current, { grid, window, count, isolated, gray });
      }
    });
    return () => frames.remove(canvas);
  }, [grid, dimensions, image, stage, left, top, scale, count, isolated, overlaid]);
  return (
    <>
      <canvas ref={picture} data-testid="zoom-picture" data-side={Math.max(image.width, image.height)} />
      {overlaid && (
        <canvas ref={segments} style={{ opacity: isolated === undefined ? opacity : 1 }} data-testid="zoom-canvas" />
      )}
    </>
  );
}

/** The visible part in pixels of a canvas with `density` pixels per page pixel. */
function windowOf(dimensions: ImageSize, stage: Stage, { left, top, scale }: ZoomWindow, density: number) {
  const perImagePixel = scale * density;
  return {
    imageWidth: dimensions.width * perImagePixel,
    imageHeight: dimensions.height * perImagePixel,
    left: left * perImagePixel,
    top: top * perImagePixel,
    width: Math.round(stage.width * density),
    height: Math.round(stage.height * density),
  };
}

function drawImage(
  canvas: HTMLCanvasElement,
  image: Picture,
  dimensions: ImageSize,
  stage: Stage,
  viewport: ZoomWindow,
): void {
  // A copy that was closed meanwhile: the next one is drawn at once.
  if (image.width === 0) return;
  const { imageWidth, imageHeight, left, top, width, height } = windowOf(dimensions, stage, viewport, devicePixelRatio);
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext('2d');
  if (!context) return;
  // Beyond a few screen pixels each, the pixels of the file itself should be visible.
  context.imageSmoothingEnabled = imageWidth < 6 * dimensions.width || image.width < dimensions.width;
  context.drawImage(drawableOf(image), -left, -top, imageWidth, imageHeight);
}

/** The best copy of the image for what is visible; at first the preview. */
function useImage({ imageIndex, path, dimensions, preview }: Overlay, { viewport }: Zoom): Picture {
  const image = useDisplayImage('watched', imageIndex, path);
  return usePicture(image, preview, copySide(dimensions, viewport.scale * devicePixelRatio));
}

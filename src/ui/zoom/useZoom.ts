import { useCallback, useState } from 'react';
import { fitWindow, toStage, type ImageSize, type Stage, type ZoomWindow } from './zoomWindow.ts';

interface Point {
  readonly x: number;
  readonly y: number;
}

/** The visible part of an enlarged image, and how to change it. */
export interface Zoom {
  readonly stage: Stage;
  readonly viewport: ZoomWindow;
  /** Position of the pointer on the stage. */
  readonly pointer: Point | undefined;
  show(viewport: ZoomWindow): void;
  probe(pointer: Point | undefined): void;
  resize(stage: Stage): void;
}

/** Keeps the viewport from image to image, so that places can be compared. */
export function useZoom(size: ImageSize): Zoom {
  const [stage, setStage] = useState<Stage>({ width: 1, height: 1 });
  const [moved, setMoved] = useState<{
    readonly viewport: ZoomWindow;
    readonly size: ImageSize;
    readonly stage: Stage;
  }>();
  const [pointer, probe] = useState<Point>();
  // An image of another size is shown whole; on a stage of another size the middle stays.
  const viewport =
    moved?.size.width === size.width && moved.size.height === size.height
      ? toStage(moved.viewport, moved.stage, stage, size)
      : fitWindow(size, stage);
  const show = (next: ZoomWindow): void => setMoved({ viewport: next, size, stage });
  const resize = useCallback(
    (next: Stage) => setStage((known) => (known.width === next.width && known.height === next.height ? known : next)),
    [],
  );
  return { stage, viewport, pointer, show, probe, resize };
}

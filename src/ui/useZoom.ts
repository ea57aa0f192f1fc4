import { useCallback, useState } from 'react';
import { fitWindow, type Stage, type ZoomWindow } from './zoomWindow.ts';

interface Point {
  readonly x: number;
  readonly y: number;
}

/** What an enlarged image shows. */
export interface Zoom {
  readonly stage: Stage;
  readonly window: ZoomWindow;
  /** Where the pointer is on the stage. */
  readonly pointer: Point | undefined;
  show(window: ZoomWindow): void;
  probe(pointer: Point | undefined): void;
  resize(stage: Stage): void;
}

/** The window stays where it is from image to image, so that places can be compared. */
export function useZoom(size: number): Zoom {
  const [stage, setStage] = useState<Stage>({ width: 1, height: 1 });
  const [moved, setMoved] = useState<{ readonly window: ZoomWindow; readonly size: number; readonly stage: Stage }>();
  const [pointer, probe] = useState<Point>();
  // On another stage, or another size of picture, what was seen before has no place.
  const window = moved?.size === size && moved.stage === stage ? moved.window : fitWindow(size, stage);
  const show = (next: ZoomWindow): void => setMoved({ window: next, size, stage });
  const resize = useCallback(
    (next: Stage) => setStage((known) => (known.width === next.width && known.height === next.height ? known : next)),
    [],
  );
  return { stage, window, pointer, show, probe, resize };
}

import { useLayoutEffect, useRef, type ReactElement } from 'react';
import type { Overlay } from '../../domain/reports.ts';
import { frames } from '../widgets/frameQueue.ts';
import { drawPicture, SIDE } from './drawContactSheet.ts';

interface PictureProps {
  readonly overlay: Overlay;
  /** Prototypes of the run; without, the photograph is shown as it is. */
  readonly count?: number;
  readonly label: string;
}

/** A whole photograph, under its slots if any. */
export function RecipePicture({ overlay, count, label }: PictureProps): ReactElement {
  const ref = useRef<HTMLCanvasElement>(null);
  useLayoutEffect(() => {
    const canvas = ref.current;
    if (!canvas) return;
    frames.add(canvas, () => drawPicture(canvas, overlay, count, SIDE));
    return () => frames.remove(canvas);
  }, [overlay, count]);
  return <canvas ref={ref} role="img" aria-label={label} />;
}

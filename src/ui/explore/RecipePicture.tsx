import { useLayoutEffect, useRef, type ReactElement } from 'react';
import type { Overlay } from '../../domain/reports.ts';
import { usePicture } from '../photograph/picture.ts';
import { useDisplayImage } from '../photograph/useDisplayCopy.ts';
import { useOnScreen } from '../photograph/useOnScreen.ts';
import { frames } from '../widgets/frameQueue.ts';
import { drawPicture, SIDE } from './drawContactSheet.ts';

interface PictureProps {
  readonly overlay: Overlay;
  /** Prototypes of the run; without, the photograph is shown as it is. */
  readonly count?: number;
  readonly label: string;
  /** The image is among those that are chosen: it is shown sharp. */
  readonly isPresent: boolean;
}

/** A whole photograph, under its slots if any. */
export function RecipePicture({ overlay, count, label, isPresent }: PictureProps): ReactElement {
  const ref = useRef<HTMLCanvasElement>(null);
  const image = useDisplayImage('present', overlay.imageIndex, overlay.path);
  const side = Math.round(SIDE * Math.min(2, devicePixelRatio));
  const isShown = useOnScreen(ref);
  const picture = usePicture(isPresent ? image : undefined, overlay.preview, isShown ? side : 0);
  useLayoutEffect(() => {
    const canvas = ref.current;
    if (!canvas) return;
    frames.add(canvas, () => drawPicture(canvas, overlay, picture, count, side));
    return () => frames.remove(canvas);
  }, [overlay, picture, count, side]);
  return <canvas ref={ref} role="img" aria-label={label} />;
}

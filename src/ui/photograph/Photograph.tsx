import { useEffect, useRef, type ReactElement, type RefObject } from 'react';
import type { DisplayImage } from '../../state/display/displayCopies.ts';
import { drawPixels } from '../widgets/drawOverlay.ts';
import { frames } from '../widgets/frameQueue.ts';
import { useDeviceSize } from '../widgets/useDeviceSize.ts';
import styles from './Photograph.module.css';
import { useDisplayCopy } from './useDisplayCopy.ts';
import { useOnScreen } from './useOnScreen.ts';

/** A small copy that is shown until the photograph is there. */
export interface Preview {
  readonly width: number;
  readonly height: number;
  /** Writes width × height words of RGBA. */
  paint(out: Uint32Array): void;
}

/** cover: fills the place, which cuts what is too long. */
type Fit = 'contain' | 'cover';

interface PhotographProps {
  readonly image: DisplayImage | undefined;
  readonly preview: Preview;
  readonly fit?: Fit;
}

/** Maximum longer side in device pixels. */
const MAX_SIDE = 1024;
const FADE_MS = 160;

/** A photograph that fills the element around it, at the resolution of the screen. */
export function Photograph({ image, preview, fit = 'contain' }: PhotographProps): ReactElement {
  const place = useRef<HTMLSpanElement>(null);
  const side = useWantedSide(place, preview, fit);
  const copy = useDisplayCopy(image, side);
  return (
    <span ref={place} className={`${styles.photograph} ${fit === 'cover' ? styles.cover : ''}`} aria-hidden="true">
      <PreviewCanvas preview={preview} />
      <CopyCanvas key={image?.key} copy={copy} side={side} />
    </span>
  );
}

/** Longer side in device pixels of what the place shows; 0 while it isn't on the screen or its preview suffices. */
function useWantedSide(place: RefObject<HTMLElement | null>, preview: Preview, fit: Fit): number {
  const { width, height } = useDeviceSize(place, MAX_SIDE);
  const onScreen = useOnScreen(place);
  const scales = [width / preview.width, height / preview.height];
  const scale = fit === 'cover' ? Math.max(...scales) : Math.min(...scales);
  const side = Math.min(MAX_SIDE, Math.round(scale * Math.max(preview.width, preview.height)));
  return onScreen && scale > 1 ? side : 0;
}

function PreviewCanvas({ preview }: { readonly preview: Preview }): ReactElement {
  const ref = useRef<HTMLCanvasElement>(null);
  const { width, height } = preview;
  useEffect(() => {
    const canvas = ref.current;
    if (!canvas) return;
    frames.add(canvas, () => drawPixels(canvas, width, height, (out) => preview.paint(out)));
    return () => frames.remove(canvas);
  }, [preview, width, height]);
  return <canvas ref={ref} width={width} height={height} />;
}

interface CopyProps {
  readonly copy: ImageBitmap | undefined;
  readonly side: number;
}

/** The sharp photograph; what has been drawn stays when its copy is gone. */
function CopyCanvas({ copy, side }: CopyProps): ReactElement {
  const ref = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const canvas = ref.current;
    if (!canvas || !copy) return;
    frames.add(canvas, () => drawCopy(canvas, copy, side));
    return () => frames.remove(canvas);
  }, [copy, side]);
  return <canvas ref={ref} width={0} height={0} data-testid="photograph" />;
}

function drawCopy(canvas: HTMLCanvasElement, copy: ImageBitmap, side: number): void {
  // It was closed meanwhile.
  if (copy.width === 0) return;
  const isFirst = canvas.width === 0;
  const scale = Math.min(1, side / Math.max(copy.width, copy.height));
  canvas.width = Math.max(1, Math.round(copy.width * scale));
  canvas.height = Math.max(1, Math.round(copy.height * scale));
  canvas.dataset['side'] = String(Math.max(canvas.width, canvas.height));
  canvas.getContext('2d')?.drawImage(copy, 0, 0, canvas.width, canvas.height);
  if (!isFirst || matchMedia('(prefers-reduced-motion: reduce)').matches) return;
  canvas.animate([{ opacity: 0 }, { opacity: 1 }], { duration: FADE_MS, easing: 'ease-out' });
}

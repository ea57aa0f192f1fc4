import {
  memo,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  type MouseEvent,
  type PointerEvent,
  type ReactElement,
} from 'react';
import type { Overlay } from '../trainer/events.ts';
import { useApp } from './app.ts';
import { packedPalette, prototypeCss, prototypeRgb } from './colours.ts';
import { formatPercent } from './format.ts';
import { frames } from './frameQueue.ts';
import { asClasses, packRgba, paintIsolated, paintLabels, paintPicture, rankLabels } from './paint.ts';
import type { ShownClasses } from './useClasses.ts';

interface TileProps {
  readonly overlay: Overlay;
  readonly classes: ShownClasses;
  /** The first prototype of the class that is shown alone. */
  readonly isolated: number | undefined;
}

const FADE_MS = 160;
const VEIL = packRgba([18, 20, 24], 200);

/**
 * A watched image under its segmentation: three canvases, so that opacity is the compositor's work and a new
 * segmentation fades in over the one before.
 */
export const OverlayTile = memo(function OverlayTile({ overlay, classes, isolated }: TileProps): ReactElement {
  const { view } = useApp();
  const picture = useRef<HTMLCanvasElement>(null);
  const before = useRef<HTMLCanvasElement>(null);
  const current = useRef<HTMLCanvasElement>(null);
  const { rgb, size } = overlay;
  const { count, leaders, labelOf } = classes;
  const labels = useMemo(() => asClasses(overlay.labels, leaders), [overlay.labels, leaders]);

  useEffect(() => {
    const canvas = picture.current;
    if (!canvas) return;
    frames.add(canvas, () => draw(canvas, size, (out) => paintPicture(rgb, out)));
    return () => frames.remove(canvas);
  }, [rgb, size]);

  useLayoutEffect(() => {
    const [canvas, behind] = [current.current, before.current];
    if (!canvas || !behind) return;
    frames.add(canvas, () => {
      behind.getContext('2d')?.clearRect(0, 0, size, size);
      behind.getContext('2d')?.drawImage(canvas, 0, 0);
      draw(canvas, size, (out) => {
        if (isolated === undefined) paintLabels(labels, packedPalette(count), out);
        else
          paintIsolated(labels, size, isolated, { outline: packRgba(prototypeRgb(isolated, count)), veil: VEIL }, out);
      });
      fadeIn(canvas, behind);
    });
    return () => frames.remove(canvas);
  }, [labels, size, count, isolated]);

  const labelAt = (event: MouseEvent<HTMLElement>): number | undefined => {
    const box = event.currentTarget.getBoundingClientRect();
    const column = Math.floor(((event.clientX - box.left) / box.width) * size);
    const row = Math.floor(((event.clientY - box.top) / box.height) * size);
    return column >= 0 && row >= 0 && column < size && row < size ? labels[row * size + column] : undefined;
  };
  const hover = (event: PointerEvent<HTMLElement>): void => {
    const hovered = event.pointerType === 'mouse' ? labelAt(event) : undefined;
    if (hovered !== view.getState().hovered) view.setState({ hovered });
  };
  const pin = (event: MouseEvent<HTMLElement>): void => {
    const label = labelAt(event);
    view.setState(({ pinned }) => ({ pinned: pinned === label ? undefined : label }));
  };
  const ranked = useMemo(() => rankLabels(labels, count), [labels, count]);
  const described = ranked.slice(0, 3).map(({ prototype, share }) => `${labelOf(prototype)} ${formatPercent(share)}`);
  const name = overlay.path.split('/').at(-1) ?? overlay.path;
  const held =
    isolated === undefined ? undefined : (ranked.find(({ prototype }) => prototype === isolated)?.share ?? 0);
  return (
    <figure className="tile" data-testid="overlay-tile" data-path={overlay.path}>
      <div
        className="tile-frame"
        role="img"
        aria-label={`${name}: ${described.join(', ')}`}
        onPointerMove={hover}
        onPointerLeave={() => view.setState({ hovered: undefined })}
        onClick={pin}
      >
        <canvas ref={picture} width={size} height={size} />
        <div className={isolated === undefined ? 'tile-overlay' : 'tile-overlay isolating'}>
          <canvas ref={before} width={size} height={size} />
          <canvas ref={current} width={size} height={size} data-testid="overlay-canvas" />
        </div>
      </div>
      <figcaption title={overlay.path}>
        {held === undefined || isolated === undefined ? (
          name
        ) : (
          <>
            <span className="swatch" style={{ background: prototypeCss(isolated, count) }} />
            {labelOf(isolated)} · {formatPercent(held)}
          </>
        )}
      </figcaption>
    </figure>
  );
});

function draw(canvas: HTMLCanvasElement, size: number, paint: (out: Uint32Array) => void): void {
  const image = new ImageData(size, size);
  paint(new Uint32Array(image.data.buffer));
  canvas.getContext('2d')?.putImageData(image, 0, 0);
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

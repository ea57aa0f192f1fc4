import { useLayoutEffect, useMemo, useRef, type ReactElement } from 'react';
import { slotCounts } from '../../domain/slotCounts.ts';
import { labelAt, wholeWindow, type SlotGrid } from '../../domain/slotGrid.ts';
import type { TrialPicture } from '../../state/trial/trial.ts';
import { useView } from '../app.ts';
import { grayOf } from '../photograph/picture.ts';
import { placeStyle, wholeStyle } from '../photograph/proportions.ts';
import { useSlotPointing } from '../photograph/useSlotPointing.ts';
import { rankCounts } from '../slots/rankCounts.ts';
import type { ShownClasses } from '../slots/useClasses.ts';
import tiles from '../watched/Tiles.module.css';
import { prototypeCss } from '../widgets/colors.ts';
import { drawSegments } from '../widgets/drawOverlay.ts';
import { formatPercent } from '../widgets/format.ts';
import { useDeviceSize } from '../widgets/useDeviceSize.ts';
import styles from './TrialTile.module.css';

interface TileProps {
  readonly picture: TrialPicture;
  readonly classes: ShownClasses;
  /** First prototype of the isolated class. */
  readonly isolated: number | undefined;
  /** Beside its name. */
  readonly note?: string;
}

/** Maximum side of a canvas in px; no tile needs more. */
const MAX_SIDE = 1024;

/** A picture and, beside it, the same under its slots, whose names stand below. */
export function TrialTile({ picture, classes, isolated, note }: TileProps): ReactElement {
  const { count, leaders, labelOf } = classes;
  const { slots, name } = picture;
  const own = useView((state) => (state.followEdges ? slots?.edges : slots?.grid));
  const grid = useMemo(() => own && { ...own, leaders }, [own, leaders]);
  const largest = useMemo(() => (grid ? rankCounts(slotCounts({ grid }, count)).slice(0, 4) : []), [grid, count]);
  const described = largest.map(({ prototype, fraction }) => `${labelOf(prototype)} ${formatPercent(fraction)}`);
  return (
    <figure data-testid="trial-tile">
      <div className={tiles.images}>
        <Picture picture={picture} label={name} />
        <Picture
          picture={picture}
          label={`${name}: ${described.join(', ')}`}
          grid={grid}
          count={count}
          isolated={isolated}
        />
      </div>
      <figcaption className={styles.caption} data-testid="trial-caption">
        <span title={name}>{note === undefined ? name : `${name} · ${note}`}</span>
        {own ? (
          largest.map(({ prototype, fraction }) => (
            <span key={prototype}>
              <span className="swatch" style={{ background: prototypeCss(prototype, count) }} /> {labelOf(prototype)}{' '}
              {formatPercent(fraction)}
            </span>
          ))
        ) : (
          <span>Segmenting…</span>
        )}
      </figcaption>
    </figure>
  );
}

interface PictureProps {
  readonly picture: TrialPicture;
  readonly label: string;
  readonly grid?: SlotGrid | undefined;
  readonly count?: number;
  readonly isolated?: number | undefined;
}

function Picture({ picture: { bitmap }, label, grid, count = 0, isolated }: PictureProps): ReactElement {
  const frame = useRef<HTMLDivElement>(null);
  const photograph = useRef<HTMLCanvasElement>(null);
  const overlay = useRef<HTMLCanvasElement>(null);
  const { width, height } = useDeviceSize(frame, MAX_SIDE);
  const pointing = useSlotPointing((x, y) => grid && labelAt(grid, x, y));
  useLayoutEffect(() => {
    // One that was replaced meanwhile has no size.
    if (photograph.current && bitmap.width > 0) drawBitmap(photograph.current, bitmap);
  }, [bitmap]);
  useLayoutEffect(() => {
    if (!overlay.current || !grid || width * height === 0) return;
    const window = wholeWindow(width, height);
    drawSegments(overlay.current, { grid, window, count, isolated, gray: (part) => grayOf(bitmap, part) });
  }, [grid, bitmap, width, height, count, isolated]);
  return (
    <div className={tiles.frame} style={placeStyle(bitmap)}>
      <div
        ref={frame}
        className={`${tiles.whole} ${styles.whole}`}
        style={wholeStyle(bitmap)}
        role="img"
        aria-label={label}
        {...(grid && pointing)}
      >
        <canvas ref={photograph} />
        {grid && (
          <canvas ref={overlay} className={isolated === undefined ? styles.overlay : ''} data-testid="trial-overlay" />
        )}
      </div>
    </div>
  );
}

function drawBitmap(canvas: HTMLCanvasElement, bitmap: ImageBitmap): void {
  canvas.width = bitmap.width;
  canvas.height = bitmap.height;
  canvas.getContext('2d')?.drawImage(bitmap, 0, 0);
}

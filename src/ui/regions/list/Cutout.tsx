import { useEffect, useMemo, useRef, type ReactElement } from 'react';
import type { RegionOverview } from '../../../domain/regions.ts';
import { useDisplayCopy, useDisplayImage } from '../../photograph/useDisplayCopy.ts';
import { useOnScreen } from '../../photograph/useOnScreen.ts';
import { frames } from '../../widgets/frameQueue.ts';
import { useDeviceSize } from '../../widgets/useDeviceSize.ts';
import styles from './Cutout.module.css';
import { cutoutSide, cutoutBox, WHOLE } from './cutoutBox.ts';
import { drawCutout } from './drawCutout.ts';

interface CutoutProps {
  readonly overview: RegionOverview;
  readonly image: number;
  /** The whole photograph if missing. */
  readonly region?: number | undefined;
  readonly className?: string | undefined;
}

const MAX_SIDE = 512;

/** A region cut out of its photograph, the rest dimmed. */
export function Cutout({ overview, image, region, className = '' }: CutoutProps): ReactElement {
  const { photographs, regions } = overview;
  const place = useRef<HTMLSpanElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const { width, height } = useDeviceSize(place, MAX_SIDE);
  const shown = useDisplayImage('present', image, photographs.paths[image]);
  const size = { width: photographs.widths[image], height: photographs.heights[image] };
  const ratio = size.width / size.height;
  const box = useMemo(
    () => (region === undefined ? WHOLE : cutoutBox(regions.boxes, region, { ratio })),
    [regions, region, ratio],
  );
  const side = useOnScreen(place) ? cutoutSide(box, size, { width, height }) : 0;
  const copy = useDisplayCopy(shown, side);
  useEffect(() => {
    const element = canvas.current;
    if (!element || !copy || width * height === 0) return;
    const shape =
      region === undefined ? undefined : { cells: photographs.cells, image, prototype: regions.prototype[region] };
    frames.add(element, () => drawCutout(element, copy, box, { width, height }, shape));
    return () => frames.remove(element);
  }, [copy, box, width, height, photographs, regions, image, region]);
  return (
    <span ref={place} className={`${styles.place} ${className}`} aria-hidden="true" data-testid="cutout">
      <canvas ref={canvas} width={0} height={0} />
    </span>
  );
}

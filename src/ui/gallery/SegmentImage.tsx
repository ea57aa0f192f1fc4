import { useEffect, useRef, type ReactElement } from 'react';
import type { GallerySegment } from '../../domain/reports.ts';
import { frames } from '../widgets/frameQueue.ts';
import styles from './SegmentImage.module.css';

/** Cells of an image. */
export interface CellGrid {
  readonly height: number;
  readonly width: number;
}

/** Brightness outside the segment. */
const DIMMED = 0.25;

interface ImageProps {
  readonly segment: GallerySegment;
  readonly grid: CellGrid;
}

/** The center square of an image, with everything but the segment dimmed. */
export function SegmentImage({ segment, grid }: ImageProps): ReactElement {
  const canvas = useRef<HTMLCanvasElement>(null);
  const { rgb, cells, size } = segment;
  const { height, width } = grid;
  useEffect(() => {
    const element = canvas.current;
    if (!element) return;
    frames.add(element, () => {
      const image = new ImageData(size, size);
      for (let pixel = 0; pixel < size * size; pixel++) {
        const row = Math.floor((Math.floor(pixel / size) * height) / size);
        const column = Math.floor(((pixel % size) * width) / size);
        const shade = cells[row * width + column] ? 1 : DIMMED;
        for (let channel = 0; channel < 3; channel++) {
          image.data[4 * pixel + channel] = shade * rgb[3 * pixel + channel];
        }
        image.data[4 * pixel + 3] = 255;
      }
      element.getContext('2d')?.putImageData(image, 0, 0);
    });
    return () => frames.remove(element);
  }, [rgb, cells, size, height, width]);
  return <canvas ref={canvas} className={styles.image} width={size} height={size} aria-hidden="true" />;
}

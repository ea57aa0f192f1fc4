import { useEffect, useRef, type ReactElement } from 'react';
import type { GallerySegment } from '../../domain/reports.ts';
import { frames } from '../widgets/frameQueue.ts';

interface PictureProps {
  readonly segment: GallerySegment;
  /** Cells of a picture. */
  readonly grid: { readonly height: number; readonly width: number };
}

/** A picture's center square in which everything but the segment is dimmed. */
export function SegmentPicture({ segment, grid }: PictureProps): ReactElement {
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
        const shade = cells[row * width + column] ? 1 : 0.25;
        for (let channel = 0; channel < 3; channel++) {
          image.data[4 * pixel + channel] = shade * (rgb[3 * pixel + channel] ?? 0);
        }
        image.data[4 * pixel + 3] = 255;
      }
      element.getContext('2d')?.putImageData(image, 0, 0);
    });
    return () => frames.remove(element);
  }, [rgb, cells, size, height, width]);
  return <canvas ref={canvas} width={size} height={size} aria-hidden="true" />;
}

import { useEffect, useRef, type ReactElement } from 'react';
import type { ImageSummary } from '../../state/session/images.ts';
import { frames } from '../widgets/frameQueue.ts';
import styles from './Thumb.module.css';

/** A thumbnail, drawn from its pixels. */
export function Thumb({ image }: { readonly image: ImageSummary }): ReactElement {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const element = canvas.current;
    if (!element) return;
    frames.add(element, () => {
      const { width, height, data } = image.thumbnail;
      element.getContext('2d')?.putImageData(new ImageData(data, width, height), 0, 0);
    });
    return () => frames.remove(element);
  }, [image]);
  const name = `${image.path} · ${image.width}×${image.height}`;
  return (
    <span role="listitem" className={styles.thumb} title={name}>
      <canvas ref={canvas} width={image.thumbnail.width} height={image.thumbnail.height} role="img" aria-label={name} />
    </span>
  );
}

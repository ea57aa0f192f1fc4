import type { ReactElement } from 'react';
import type { ImageSummary } from '../../state/session/images.ts';
import { ThumbTile } from './ThumbTile.tsx';
import styles from './Tiles.module.css';

/** Thumbnails in the places where the watched images will be. */
export function ThumbSheet({
  images,
  count,
}: {
  readonly images: readonly ImageSummary[];
  readonly count: number;
}): ReactElement {
  return (
    <div className={styles.tiles} aria-hidden="true">
      {Array.from({ length: count }, (_, index) => (
        <ThumbTile key={index} image={images.at(index)} />
      ))}
    </div>
  );
}

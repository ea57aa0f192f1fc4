import type { ReactElement } from 'react';
import type { ImageSummary } from '../../state/session/images.ts';
import { Photograph } from '../photograph/Photograph.tsx';
import { useThumbnailPreview } from '../photograph/previews.ts';
import { placeStyle } from '../photograph/proportions.ts';
import { useDisplayImage } from '../photograph/useDisplayCopy.ts';
import styles from './Tiles.module.css';

interface TileProps {
  /** undefined where it isn't known which one will be watched. */
  readonly image: ImageSummary | undefined;
  readonly className?: string | undefined;
}

/** An image in the place where it will be watched. */
export function ThumbTile({ image, className = '' }: TileProps): ReactElement {
  return (
    <div className={`${styles.frame} ${className}`} style={image && placeStyle(image)}>
      {image && <KnownImage image={image} />}
    </div>
  );
}

function KnownImage({ image }: { readonly image: ImageSummary }): ReactElement {
  const shown = useDisplayImage('present', image.index, image.path);
  return <Photograph image={shown} preview={useThumbnailPreview(image.thumbnail)} />;
}

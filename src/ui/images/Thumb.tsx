import type { ReactElement } from 'react';
import type { ImageSummary } from '../../state/session/images.ts';
import { Photograph } from '../photograph/Photograph.tsx';
import { useThumbnailPreview } from '../photograph/previews.ts';
import { useDisplayImage } from '../photograph/useDisplayCopy.ts';
import styles from './Thumb.module.css';

/** A small image of the folder, in a place of any proportions. */
export function Thumb({ image }: { readonly image: ImageSummary }): ReactElement {
  const shown = useDisplayImage('present', image.index, image.path);
  const name = `${image.path} · ${image.width}×${image.height}`;
  return (
    <span role="listitem" className={styles.thumb} title={name}>
      <span role="img" aria-label={name} className={styles.image}>
        <Photograph image={shown} preview={useThumbnailPreview(image.thumbnail)} fit="cover" />
      </span>
    </span>
  );
}

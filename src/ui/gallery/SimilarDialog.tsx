import { useEffect, useState, type ReactElement } from 'react';
import type { GallerySegment } from '../../domain/reports.ts';
import { useApp } from '../app.ts';
import { useClasses } from '../slots/useClasses.ts';
import { Dialog, DialogButtons } from '../widgets/Dialog.tsx';
import { SegmentImage } from './SegmentImage.tsx';
import styles from './SimilarDialog.module.css';

interface DialogProps {
  readonly segment: GallerySegment;
  onClose(): void;
}

/** Segments of the dataset most similar to one of them, whatever their prototype. */
export function SimilarDialog({ segment, onClose }: DialogProps): ReactElement {
  const { session } = useApp();
  const { count, labelOf } = useClasses();
  const [found, setFound] = useState<readonly GallerySegment[]>();
  useEffect(() => {
    let current = true;
    void session.moreLike(segment).then((segments) => {
      if (current) setFound(segments);
    });
    return () => {
      current = false;
    };
  }, [session, segment]);
  return (
    <Dialog name="More like it" headed={false} className={styles.dialog} onClose={onClose}>
      <div className="panel-head">
        <h2>More like it</h2>
        <DialogButtons>
          <button type="submit">Close</button>
        </DialogButtons>
      </div>
      <p className="muted">
        {segment.overlay.path}, {labelOf(segment.prototype)}
      </p>
      {found === undefined && <p role="status">Searching…</p>}
      {found?.length === 0 && <p>Nothing to compare it with: it is smaller than 1% of its image, or the only one.</p>}
      <ol className={styles.list} data-testid="similar">
        {found?.map((one) => (
          <li key={`${one.overlay.imageIndex} ${one.prototype}`}>
            <SegmentImage segment={one} count={count} />
            <span className="muted" title={one.overlay.path}>
              {labelOf(one.prototype)} · {one.score.toFixed(3)}
            </span>
          </li>
        ))}
      </ol>
    </Dialog>
  );
}

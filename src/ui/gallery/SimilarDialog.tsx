import { useEffect, useRef, useState, type ReactElement } from 'react';
import type { GallerySegment } from '../../domain/reports.ts';
import { useApp } from '../app.ts';
import { useClasses } from '../slots/useClasses.ts';
import { SegmentPicture } from './SegmentPicture.tsx';

interface DialogProps {
  readonly segment: GallerySegment;
  readonly grid: { readonly height: number; readonly width: number };
  onClose(): void;
}

/** Segments of the folder that look like one of them, whatever prototype holds them. */
export function SimilarDialog({ segment, grid, onClose }: DialogProps): ReactElement {
  const { session } = useApp();
  const { labelOf } = useClasses();
  const dialog = useRef<HTMLDialogElement>(null);
  const [found, setFound] = useState<readonly GallerySegment[]>();
  useEffect(() => dialog.current?.showModal(), []);
  useEffect(() => {
    let current = true;
    void session.moreLike(segment).then((segments) => {
      if (current) setFound(segments);
    });
    return () => void (current = false);
  }, [session, segment]);
  return (
    <dialog ref={dialog} className="dialog similar" aria-labelledby="similar-heading" onClose={onClose}>
      <div className="panel-head">
        <h2 id="similar-heading">More like it</h2>
        <button type="button" onClick={() => dialog.current?.close()} autoFocus>
          Close
        </button>
      </div>
      <p className="muted">
        {segment.path}, {labelOf(segment.prototype)}
      </p>
      {found === undefined && <p role="status">Searching…</p>}
      {found?.length === 0 && <p>Nothing to compare it with: it is smaller than 1% of its image, or the only one.</p>}
      <ol className="similar-list" data-testid="similar">
        {found?.map((one) => (
          <li key={`${one.image} ${one.prototype}`}>
            <SegmentPicture segment={one} grid={grid} />
            <span className="muted" title={one.path}>
              {labelOf(one.prototype)} · {one.score.toFixed(3)}
            </span>
          </li>
        ))}
      </ol>
    </dialog>
  );
}

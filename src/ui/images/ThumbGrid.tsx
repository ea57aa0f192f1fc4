import { useEffect, useRef, useState, type ReactElement } from 'react';
import type { ImageSummary } from '../../state/session/state.ts';
import { frames } from '../widgets/frameQueue.ts';

const COLUMNS = 5;
const ROW_PX = 58;
const VISIBLE_ROWS = 3;

/** Thumbnails in a window of fixed height: only the rows in sight are in the document. */
export function ThumbGrid({
  pictures,
  total,
}: {
  readonly pictures: readonly ImageSummary[];
  readonly total: number;
}): ReactElement {
  const [firstRow, setFirstRow] = useState(0);
  const rows = Math.ceil(pictures.length / COLUMNS);
  const from = Math.max(0, firstRow - 1);
  const to = Math.min(rows, firstRow + VISIBLE_ROWS + 2);
  return (
    <div
      className="thumbs"
      role="list"
      aria-label={`Thumbnails of ${total} images`}
      tabIndex={rows > VISIBLE_ROWS ? 0 : -1}
      style={{ height: VISIBLE_ROWS * ROW_PX }}
      onScroll={({ currentTarget }) => setFirstRow(Math.floor(currentTarget.scrollTop / ROW_PX))}
      data-testid="thumbnails"
    >
      <div style={{ height: rows * ROW_PX, position: 'relative' }}>
        <div className="thumb-rows" style={{ transform: `translateY(${from * ROW_PX}px)` }}>
          {pictures.slice(from * COLUMNS, to * COLUMNS).map((picture) => (
            <Thumb key={picture.index} picture={picture} />
          ))}
        </div>
      </div>
    </div>
  );
}

export function Thumb({ picture }: { readonly picture: ImageSummary }): ReactElement {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const element = canvas.current;
    if (!element) return;
    frames.add(element, () => {
      const { width, height, data } = picture.thumbnail;
      element.getContext('2d')?.putImageData(new ImageData(data, width, height), 0, 0);
    });
    return () => frames.remove(element);
  }, [picture]);
  const name = `${picture.path} · ${picture.width}×${picture.height}`;
  return (
    <span role="listitem" className="thumb" title={name}>
      <canvas
        ref={canvas}
        width={picture.thumbnail.width}
        height={picture.thumbnail.height}
        role="img"
        aria-label={name}
      />
    </span>
  );
}

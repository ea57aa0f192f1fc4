import { useState, type ReactElement } from 'react';
import type { ImageSummary } from '../../state/session/images.ts';
import { Thumb } from './Thumb.tsx';
import styles from './ThumbGrid.module.css';

const COLUMNS = 5;
const ROW_PX = 58;
const VISIBLE_ROWS = 3;

/** Thumbnails in a window of fixed height: only the rows in sight are in the document. */
export function ThumbGrid({
  images,
  total,
}: {
  readonly images: readonly ImageSummary[];
  readonly total: number;
}): ReactElement {
  const [firstRow, setFirstRow] = useState(0);
  const rows = Math.ceil(images.length / COLUMNS);
  const from = Math.max(0, firstRow - 1);
  const to = Math.min(rows, firstRow + VISIBLE_ROWS + 2);
  return (
    <div
      className={styles.thumbs}
      role="list"
      aria-label={`Thumbnails of ${total} images`}
      tabIndex={rows > VISIBLE_ROWS ? 0 : -1}
      style={{ height: VISIBLE_ROWS * ROW_PX }}
      onScroll={({ currentTarget }) => setFirstRow(Math.floor(currentTarget.scrollTop / ROW_PX))}
      data-testid="thumbnails"
    >
      <div style={{ height: rows * ROW_PX, position: 'relative' }}>
        <div className={styles.rows} style={{ transform: `translateY(${from * ROW_PX}px)` }}>
          {images.slice(from * COLUMNS, to * COLUMNS).map((image) => (
            <Thumb key={image.index} image={image} />
          ))}
        </div>
      </div>
    </div>
  );
}

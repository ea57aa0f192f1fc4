import type { ReactElement } from 'react';
import type { GallerySegment, PrototypeCard } from '../../domain/reports.ts';
import { IN_USE_FRACTION } from '../../domain/thresholds.ts';
import { useApp } from '../app.ts';
import type { ShownClasses } from '../slots/useClasses.ts';
import { prototypeCss } from '../widgets/colors.ts';
import { formatPercent, plural } from '../widgets/format.ts';
import { placeRatio } from '../photograph/proportions.ts';
import styles from './GalleryRow.module.css';
import { SegmentImage } from './SegmentImage.tsx';

interface RowProps {
  readonly card: PrototypeCard;
  readonly classes: ShownClasses;
  readonly index: number;
  /** Offset in the scrolled list, in px. */
  readonly top: number;
  /** Column of the segment in the tab order, if it is in this row. */
  readonly activeColumn: number | undefined;
  onActive(column: number): void;
  onAsk(segment: GallerySegment): void;
}

/** Height of an image in px, where a row has room for all. */
const IMAGE_PX = 92;

/** A prototype: its name and usage, and its nearest segments. */
export function GalleryRow({ card, classes, index, top, activeColumn, onActive, onAsk }: RowProps): ReactElement {
  const { view } = useApp();
  const { prototype, nearest } = card;
  const hover = (hovered: number | undefined): void => view.setState({ hovered });
  return (
    <div
      role="row"
      aria-rowindex={index + 1}
      className={styles.row}
      style={{ transform: `translateY(${top}px)` }}
      onPointerEnter={() => hover(prototype)}
      onPointerLeave={() => hover(undefined)}
      onFocus={() => hover(prototype)}
      onBlur={() => hover(undefined)}
      data-testid="gallery-row"
      data-prototype={prototype}
    >
      <RowHeader card={card} classes={classes} />
      {nearest.map((segment, column) => {
        const { path, imageIndex, dimensions } = segment.overlay;
        const width = IMAGE_PX * placeRatio(dimensions);
        return (
          <div role="gridcell" key={imageIndex} className={styles.cell} style={{ flexBasis: `${width}px` }}>
            <button
              type="button"
              className={styles.segment}
              tabIndex={column === activeColumn ? 0 : -1}
              data-active={column === activeColumn}
              title={`${path} · score ${segment.score.toFixed(3)}`}
              aria-label={`${path}, score ${segment.score.toFixed(2)}: more like it`}
              onFocus={() => onActive(column)}
              onClick={() => onAsk(segment)}
              data-testid="gallery-segment"
            >
              <SegmentImage segment={segment} count={classes.count} />
            </button>
          </div>
        );
      })}
    </div>
  );
}

interface HeaderProps {
  readonly card: PrototypeCard;
  readonly classes: ShownClasses;
}

function RowHeader({ card, classes }: HeaderProps): ReactElement {
  const { count, leaders, labelOf } = classes;
  const { prototype, usage, images, duplicateOf } = card;
  return (
    <div role="rowheader" className={styles.name}>
      <span className={styles.title}>
        <span className="swatch" style={{ background: prototypeCss(leaders[prototype] ?? prototype, count) }} />
        <strong>{labelOf(prototype)}</strong>
      </span>
      <span className="muted">
        {formatPercent(usage)} · {plural(images, 'image')}
      </span>
      {usage < IN_USE_FRACTION && <span className={styles.badge}>unused</span>}
      {duplicateOf && (
        <span className={styles.badge} title={`Cosine of the prototypes: ${duplicateOf.cosine.toFixed(3)}`}>
          nearly Slot {duplicateOf.prototype + 1}
        </span>
      )}
    </div>
  );
}

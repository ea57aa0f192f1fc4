import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef, useState, type KeyboardEvent, type ReactElement } from 'react';
import { IN_USE_SHARE } from '../../domain/thresholds.ts';
import type { GallerySegment, PrototypeCard } from '../../domain/reports.ts';
import { useApp } from '../app.ts';
import { prototypeCss } from '../widgets/colors.ts';
import { formatPercent, plural } from '../widgets/format.ts';
import { useClasses, type ShownClasses } from '../slots/useClasses.ts';
import { SegmentPicture } from './SegmentPicture.tsx';

const ROW_PX = 104;
const PAGE_ROWS = 4;

interface GridProps {
  readonly cards: readonly PrototypeCard[];
  /** Cells of a picture. */
  readonly grid: { readonly height: number; readonly width: number };
  onAsk(segment: GallerySegment): void;
}

/** A row for each prototype; only those in sight are in the document. Arrows go through rows and segments. */
export function GalleryGrid({ cards, grid, onAsk }: GridProps): ReactElement {
  const classes = useClasses();
  const scroller = useRef<HTMLDivElement>(null);
  const [active, setActive] = useState({ row: 0, column: 0 });
  const wantsFocus = useRef(false);
  // eslint-disable-next-line react-hooks/incompatible-library -- nothing that it returns is handed to memoised parts
  const rows = useVirtualizer({
    count: cards.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    overscan: 2,
  });
  const row = Math.min(active.row, cards.length - 1);

  const move = (event: KeyboardEvent): void => {
    const to = target(event.key, { ...active, row }, cards);
    if (!to) return;
    // The page's own arrows go through the history.
    event.preventDefault();
    event.stopPropagation();
    wantsFocus.current = true;
    setActive(to);
    rows.scrollToIndex(to.row);
  };
  useEffect(() => {
    if (!wantsFocus.current) return;
    const button = scroller.current?.querySelector<HTMLElement>('[data-active=true]');
    if (!button) return;
    wantsFocus.current = false;
    button.focus();
  });

  return (
    <div ref={scroller} className="gallery-scroll">
      <div
        role="grid"
        aria-label="Prototypes and the segments that show them best"
        aria-rowcount={cards.length}
        style={{ height: rows.getTotalSize(), position: 'relative' }}
        onKeyDown={move}
      >
        {rows.getVirtualItems().map(({ index, start }) => {
          const card = cards[index];
          return card ? (
            <CardRow
              key={card.prototype}
              card={card}
              grid={grid}
              classes={classes}
              index={index}
              top={start}
              activeColumn={index === row ? Math.min(active.column, card.nearest.length - 1) : undefined}
              onActive={(column) => setActive({ row: index, column })}
              onAsk={onAsk}
            />
          ) : null;
        })}
      </div>
    </div>
  );
}

interface Place {
  readonly row: number;
  readonly column: number;
}

/** Where a key goes, if it is one of the grid's. */
function target(key: string, { row, column }: Place, cards: readonly PrototypeCard[]): Place | undefined {
  const last = (cards[row]?.nearest.length ?? 1) - 1;
  const toRow = (to: number): Place => ({ row: Math.max(0, Math.min(cards.length - 1, to)), column });
  switch (key) {
    case 'ArrowDown':
      return toRow(row + 1);
    case 'ArrowUp':
      return toRow(row - 1);
    case 'PageDown':
      return toRow(row + PAGE_ROWS);
    case 'PageUp':
      return toRow(row - PAGE_ROWS);
    case 'Home':
      return { row: 0, column: 0 };
    case 'End':
      return { row: cards.length - 1, column: 0 };
    case 'ArrowRight':
      return { row, column: Math.min(last, column + 1) };
    case 'ArrowLeft':
      return { row, column: Math.max(0, Math.min(last, column) - 1) };
    default:
      return undefined;
  }
}

interface RowProps {
  readonly card: PrototypeCard;
  readonly grid: { readonly height: number; readonly width: number };
  readonly classes: ShownClasses;
  readonly index: number;
  readonly top: number;
  /** The segment that the tab key comes to, in the row that it comes to. */
  readonly activeColumn: number | undefined;
  onActive(column: number): void;
  onAsk(segment: GallerySegment): void;
}

function CardRow({ card, grid, classes, index, top, activeColumn, onActive, onAsk }: RowProps): ReactElement {
  const { view } = useApp();
  const { count, leaders, labelOf } = classes;
  const { prototype, usage, images, nearest, duplicateOf } = card;
  const hover = (hovered: number | undefined): void => view.setState({ hovered });
  const twin = duplicateOf && `nearly Slot ${duplicateOf.prototype + 1}`;
  return (
    <div
      role="row"
      aria-rowindex={index + 1}
      className="gallery-row"
      style={{ transform: `translateY(${top}px)` }}
      onPointerEnter={() => hover(prototype)}
      onPointerLeave={() => hover(undefined)}
      onFocus={() => hover(prototype)}
      onBlur={() => hover(undefined)}
      data-testid="gallery-row"
      data-prototype={prototype}
    >
      <div role="rowheader" className="gallery-name">
        <span className="gallery-title">
          <span className="swatch" style={{ background: prototypeCss(leaders[prototype] ?? prototype, count) }} />
          <strong>{labelOf(prototype)}</strong>
        </span>
        <span className="muted">
          {formatPercent(usage)} · {plural(images, 'image')}
        </span>
        {usage < IN_USE_SHARE && <span className="gallery-badge">unused</span>}
        {twin && (
          <span className="gallery-badge" title={`Cosine of the prototypes: ${duplicateOf.cosine.toFixed(3)}`}>
            {twin}
          </span>
        )}
      </div>
      {nearest.map((segment, column) => (
        <div role="gridcell" key={segment.image}>
          <button
            type="button"
            className="gallery-segment"
            tabIndex={column === activeColumn ? 0 : -1}
            data-active={column === activeColumn}
            title={`${segment.path} · score ${segment.score.toFixed(3)}`}
            aria-label={`${segment.path}, score ${segment.score.toFixed(2)}: more like it`}
            onFocus={() => onActive(column)}
            onClick={() => onAsk(segment)}
          >
            <SegmentPicture segment={segment} grid={grid} />
          </button>
        </div>
      ))}
    </div>
  );
}

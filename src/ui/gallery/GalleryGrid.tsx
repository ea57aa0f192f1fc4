import { useVirtualizer } from '@tanstack/react-virtual';
import { useRef, type KeyboardEvent, type ReactElement, type RefObject } from 'react';
import type { GallerySegment, PrototypeCard } from '../../domain/reports.ts';
import { useClasses } from '../slots/useClasses.ts';
import { indexAfterKey } from '../widgets/rovingFocus.ts';
import styles from './GalleryGrid.module.css';
import { GalleryRow } from './GalleryRow.tsx';
import { useActivePlace, withRow } from './virtualRows.ts';

const ROW_PX = 104;
const PAGE_ROWS = 4;

interface GridProps {
  readonly cards: readonly PrototypeCard[];
  onAsk(segment: GallerySegment): void;
}

/** A row for each prototype; only those in sight are in the document. Arrow keys move through rows and segments. */
export function GalleryGrid({ cards, onAsk }: GridProps): ReactElement {
  const classes = useClasses();
  const scroller = useRef<HTMLDivElement>(null);
  const { active, setActive, move } = useRovingSegment(cards, scroller, (row) => rows.scrollToIndex(row));
  // oxlint-disable-next-line react/incompatible-library -- nothing that it returns is passed to memoized components
  const rows = useVirtualizer({
    count: cards.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    overscan: 2,
    rangeExtractor: withRow(active.row),
  });
  return (
    <div ref={scroller} className={styles.scroll}>
      <div
        role="grid"
        aria-label="Prototypes and their nearest segments"
        aria-rowcount={cards.length}
        style={{ height: rows.getTotalSize(), position: 'relative' }}
        onKeyDown={move}
      >
        {rows.getVirtualItems().map(({ index, start }) => {
          const card = cards.at(index);
          return card ? (
            <GalleryRow
              key={card.prototype}
              card={card}
              classes={classes}
              index={index}
              top={start}
              activeColumn={index === active.row ? Math.min(active.column, card.nearest.length - 1) : undefined}
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

/** The segment in the tab order, and the keys that move it. A row may first have to be scrolled into the document. */
function useRovingSegment(
  cards: readonly PrototypeCard[],
  scroller: RefObject<HTMLElement | null>,
  scrollTo: (row: number) => void,
) {
  const { place, setActive, moveTo } = useActivePlace<Place>({ row: 0, column: 0 }, scroller);
  const active = { ...place, row: Math.min(place.row, cards.length - 1) };
  const move = (event: KeyboardEvent): void => {
    const to = placeAfterKey(event.key, active, cards);
    if (!to) return;
    // The page's own arrows scrub through the history.
    event.preventDefault();
    event.stopPropagation();
    moveTo(to);
    scrollTo(to.row);
  };
  return { active, setActive, move };
}

/** Segment that a key leads to, if it is one of the grid's. */
function placeAfterKey(key: string, { row, column }: Place, cards: readonly PrototypeCard[]): Place | undefined {
  const last = (cards.at(row)?.nearest.length ?? 1) - 1;
  if (key === 'ArrowRight') return { row, column: Math.min(last, column + 1) };
  if (key === 'ArrowLeft') return { row, column: Math.max(0, Math.min(last, column) - 1) };
  const to = indexAfterKey(key, row, cards.length, { pageSize: PAGE_ROWS });
  return to === undefined ? undefined : { row: to, column: key === 'Home' || key === 'End' ? 0 : column };
}

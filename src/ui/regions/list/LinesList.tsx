import { useVirtualizer } from '@tanstack/react-virtual';
import { useRef, type KeyboardEvent, type ReactElement, type RefObject } from 'react';
import type { RegionOverview } from '../../../domain/regions.ts';
import { photographsAt, regionsAt, shownLines, type RegionList } from '../../../state/regions/regionLists.ts';
import { hasRegion } from '../../../state/regions/regionSet.ts';
import { useActivePlace, withRow } from '../../gallery/virtualRows.ts';
import { indexAfterKey } from '../../widgets/rovingFocus.ts';
import { useFolderMap, useFolderMapState } from '../useFolderMap.ts';
import { Line } from './Line.tsx';
import styles from './LinesList.module.css';

interface ListProps {
  readonly overview: RegionOverview;
  readonly list: RegionList;
  readonly label: string;
}

const [LINE_PX, CELL_PX, CELLS, PAGE] = [64, 84, 3, 6];

/** The lines of a list with their cut-outs; only those in sight are in the document. The selection is that of the map. */
export function LinesList({ overview, list, label }: ListProps): ReactElement {
  const map = useFolderMap();
  const selected = useFolderMapState((state) => state.selected);
  const scroller = useRef<HTMLDivElement>(null);
  const columns = list.kind === 'selected' ? CELLS : 1;
  const count = shownLines(list);
  const { active, setActive, move } = useRovingLine(count, columns, scroller, (line) =>
    rows.scrollToIndex(Math.floor(line / columns)),
  );
  // eslint-disable-next-line react-hooks/incompatible-library -- nothing that it returns is passed to memoized components
  const rows = useVirtualizer({
    count: Math.ceil(count / columns),
    getScrollElement: () => scroller.current,
    estimateSize: () => (columns === 1 ? LINE_PX : CELL_PX),
    overscan: 2,
    rangeExtractor: withRow(Math.floor(active / columns)),
  });
  const regionsOf = (line: number): readonly number[] => regionsAt(list, line, overview.photographs);
  const point = (line: number | undefined): void => map.point(line === undefined ? undefined : regionsOf(line)[0]);
  const press = (event: KeyboardEvent): void => {
    const to = move(event);
    if (to !== undefined) {
      point(to);
      if (event.shiftKey) map.select([...regionsOf(active), ...regionsOf(to)], 'add');
    } else if (event.key === ' ') map.select(regionsOf(active), 'toggle');
    else if (event.key === 'Enter' && list.per === 'region') void map.show('similar', regionsOf(active)[0]);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div ref={scroller} className={styles.scroll}>
      <div
        role="listbox"
        aria-label={label}
        aria-multiselectable="true"
        className={styles.lines}
        style={{ height: rows.getTotalSize() }}
        onKeyDown={press}
        onPointerLeave={() => point(undefined)}
        data-kind={list.kind}
        data-testid="map-list"
      >
        {rows.getVirtualItems().flatMap(({ index: row, start }) =>
          Array.from({ length: Math.min(columns, count - row * columns) }, (_, column) => {
            const line = row * columns + column;
            return (
              <Line
                key={line}
                overview={overview}
                list={list}
                line={line}
                photographs={
                  list.per === 'region' ? [overview.regions.image[list.items[line]]] : photographsAt(list, line)
                }
                selected={regionsOf(line).every((region) => hasRegion(selected, region))}
                active={line === active}
                place={{ top: start, column, columns }}
                count={count}
                onPoint={() => point(line)}
                onFocus={() => setActive(line)}
                onToggle={() => map.select(regionsOf(line), 'toggle')}
              />
            );
          }),
        )}
      </div>
    </div>
  );
}

/** The line in the tab order, and the keys that move it. It may first have to be scrolled into the document. */
function useRovingLine(
  count: number,
  columns: number,
  scroller: RefObject<HTMLElement | null>,
  scrollTo: (line: number) => void,
) {
  const { place, setActive, moveTo } = useActivePlace(0, scroller);
  const active = Math.max(0, Math.min(place, count - 1));
  const move = ({ key }: KeyboardEvent): number | undefined => {
    const to = lineAfterKey(key, active, count, columns);
    if (to === undefined) return undefined;
    moveTo(to);
    scrollTo(to);
    return to;
  };
  return { active, setActive, move };
}

function lineAfterKey(key: string, at: number, count: number, columns: number): number | undefined {
  const move = (by: number): number => Math.max(0, Math.min(count - 1, at + by));
  if (columns > 1 && key === 'ArrowRight') return move(1);
  if (columns > 1 && key === 'ArrowLeft') return move(-1);
  if (columns > 1 && key === 'ArrowDown') return move(columns);
  if (columns > 1 && key === 'ArrowUp') return move(-columns);
  return indexAfterKey(key, at, count, { pageSize: PAGE });
}

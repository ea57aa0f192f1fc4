import { useMemo, useState, type KeyboardEvent, type ReactElement } from 'react';
import { classOf } from '../../domain/classes.ts';
import type { OverlaySnapshot } from '../../state/session/live/snapshots.ts';
import { isolatedPrototype } from '../../state/view/view.ts';
import { useSession, useView } from '../app.ts';
import { moveFocus } from '../widgets/rovingFocus.ts';
import { useLatest } from '../widgets/useLatest.ts';
import styles from './Legend.module.css';
import { LegendRow } from './LegendRow.tsx';
import { LegendTools } from './LegendTools.tsx';
import { MasksButton } from './MasksButton.tsx';
import { rankClasses } from './rankClasses.ts';
import type { RowActions } from './rowProps.ts';
import { useClasses } from './useClasses.ts';
import { useLegendSelection, type LegendSelection } from './useLegendSelection.ts';

const FOLDED = 24;

/** The classes of prototypes by usage, each of which can be isolated, named, merged and split. */
export function Legend({ snapshot }: { readonly snapshot: OverlaySnapshot }): ReactElement {
  const { count, leaders, leaderOf, labelOf } = useClasses();
  const classes = useSession((state) => state.classes.present);
  const isolated = leaderOf(useView(isolatedPrototype));
  const pinned = leaderOf(useView((state) => state.pinned));
  const [all, setAll] = useState(false);
  const [editing, setEditing] = useState<number>();
  const ranked = useMemo(() => rankClasses(snapshot, leaders), [snapshot, leaders]);
  const rows = all ? ranked : ranked.slice(0, FOLDED);
  const selection = useLegendSelection(rows.map(({ prototype }) => prototype));
  const actions = useRowActions(selection, setEditing);
  const maxUsage = ranked.at(0)?.usage ?? 0;
  return (
    <>
      <LegendTools {...selection} />
      <Head />
      <ol
        className={styles.legend}
        aria-label="Slots by usage"
        onKeyDown={(event) => moveThroughRows(event, actions)}
        data-testid="legend"
      >
        {rows.map((row, rank) => (
          <LegendRow
            key={row.prototype}
            {...row}
            label={labelOf(row.prototype)}
            name={classOf(classes, row.prototype).name}
            count={count}
            width={maxUsage > 0 ? row.usage / maxUsage : 0}
            hint={rank < 9 ? String(rank + 1) : ''}
            dimmed={isolated !== undefined && isolated !== row.prototype}
            pinned={pinned === row.prototype}
            ticked={selection.selected.includes(row.prototype)}
            editing={editing === row.prototype}
            actions={actions}
          />
        ))}
      </ol>
      <div className={styles.foot}>
        <MasksButton />
        {ranked.length > FOLDED && (
          <button type="button" className="link" onClick={() => setAll(!all)}>
            {all ? 'Show fewer' : `Show all ${ranked.length}`}
          </button>
        )}
      </div>
    </>
  );
}

/** The same functions on every render, so that a row is rendered only when its own properties change. */
function useRowActions(selection: LegendSelection, edit: RowActions['edit']): RowActions {
  const latest = useLatest(selection);
  return useMemo(
    () => ({
      toggle: (prototype) => latest.current.toggle(prototype),
      extendTo: (prototype) => latest.current.extendTo(prototype),
      edit,
    }),
    [latest, edit],
  );
}

function Head(): ReactElement {
  return (
    <div className={styles.head} aria-hidden="true">
      <span>% of cells</span>
      <span title="Watched images in which it appears">images</span>
      <span>key</span>
    </div>
  );
}

/** Arrows move through the rows; with Shift they tick the rows on the way. */
function moveThroughRows(event: KeyboardEvent<HTMLElement>, { extendTo }: RowActions): void {
  const rows = [...event.currentTarget.querySelectorAll<HTMLElement>('[data-prototype]')];
  const from = rows.find((row) => row === document.activeElement);
  const to = moveFocus(event, rows);
  if (!from || !to || !event.shiftKey) return;
  extendTo(Number(from.dataset['prototype']));
  extendTo(Number(to.dataset['prototype']));
}

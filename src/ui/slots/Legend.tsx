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
import { useLegendSelection } from './useLegendSelection.ts';

const FOLDED = 24;

/** The classes of prototypes by usage, each of which can be isolated, named, merged and split. */
export function Legend({ snapshot }: { readonly snapshot: OverlaySnapshot }): ReactElement {
  const { count, leaders, labelOf } = useClasses();
  const classes = useSession((state) => state.classes.present);
  const isolated = leaders[useView(isolatedPrototype) ?? -1];
  const pinned = leaders[useView((state) => state.pinned) ?? -1];
  const [all, setAll] = useState(false);
  const [editing, setEditing] = useState<number>();
  const ranked = useMemo(() => rankClasses(snapshot, leaders), [snapshot, leaders]);
  const rows = all ? ranked : ranked.slice(0, FOLDED);
  const selection = useLegendSelection(rows.map(({ prototype }) => prototype));
  const latest = useLatest(selection);
  const actions = useMemo<RowActions>(
    () => ({
      toggle: (prototype) => latest.current.toggle(prototype),
      extendTo: (prototype) => latest.current.extendTo(prototype),
      edit: setEditing,
    }),
    [latest],
  );
  const maxUsage = ranked[0]?.usage ?? 0;
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

import { useMemo, useState, type KeyboardEvent, type ReactElement } from 'react';
import { classOf } from '../../domain/classes.ts';
import type { OverlaySnapshot } from '../../state/session/snapshots.ts';
import { isolatedPrototype } from '../../state/view/view.ts';
import { useSession, useView } from '../app.ts';
import { LegendRow, type RowActions } from './LegendRow.tsx';
import { LegendTools } from './LegendTools.tsx';
import { MasksButton } from './MasksButton.tsx';
import { rankClasses } from './rankClasses.ts';
import { useClasses } from './useClasses.ts';
import { useLegendSelection } from './useLegendSelection.ts';
import { useLatest } from '../widgets/useLatest.ts';

const FOLDED = 24;

/** The classes of prototypes by usage: what each is called, and what is made of them. */
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
  const top = ranked[0]?.usage ?? 0;
  return (
    <>
      <LegendTools {...selection} />
      <div className="legend-head" aria-hidden="true">
        <span>share of cells</span>
        <span title="Watched images in which it is seen">images</span>
        <span>key</span>
      </div>
      <ol
        className="legend"
        aria-label="Slots by usage"
        onKeyDown={(event) => moveFocus(event, actions)}
        data-testid="legend"
      >
        {rows.map((row, rank) => (
          <LegendRow
            key={row.prototype}
            {...row}
            label={labelOf(row.prototype)}
            name={classOf(classes, row.prototype).name}
            count={count}
            width={top > 0 ? row.usage / top : 0}
            hint={rank < 9 ? String(rank + 1) : ''}
            dimmed={isolated !== undefined && isolated !== row.prototype}
            pinned={pinned === row.prototype}
            ticked={selection.selected.includes(row.prototype)}
            editing={editing === row.prototype}
            actions={actions}
          />
        ))}
      </ol>
      <div className="legend-foot">
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

/** Up and down through the rows; with Shift, what is passed is ticked. */
function moveFocus(event: KeyboardEvent<HTMLElement>, { extendTo }: RowActions): void {
  if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
  const rows = [...event.currentTarget.querySelectorAll<HTMLElement>('[data-prototype]')];
  const at = rows.indexOf(document.activeElement as HTMLElement);
  const from = rows[at];
  const to = rows[at + (event.key === 'ArrowDown' ? 1 : -1)];
  if (!from || !to) return;
  event.preventDefault();
  to.focus();
  if (!event.shiftKey) return;
  extendTo(Number(from.dataset['prototype']));
  extendTo(Number(to.dataset['prototype']));
}

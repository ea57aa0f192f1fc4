import { memo, useRef, type KeyboardEvent, type MouseEvent, type ReactElement } from 'react';
import { MOST_NAME_LENGTH } from '../../domain/classes.ts';
import { useApp } from '../app.ts';
import { prototypeCss } from '../widgets/colors.ts';
import { formatPercent, plural } from '../widgets/format.ts';
import { Icon } from '../widgets/icons.tsx';
import type { RankedClass } from './rankClasses.ts';

export interface RowProps extends RankedClass {
  readonly label: string;
  /** '' where it has the default one. */
  readonly name: string;
  /** Prototypes of the model. */
  readonly count: number;
  /** Length of the bar, 0…1. */
  readonly width: number;
  readonly hint: string;
  readonly dimmed: boolean;
  readonly pinned: boolean;
  readonly ticked: boolean;
  readonly editing: boolean;
  /** The same functions at every drawing: rows are many. */
  readonly actions: RowActions;
}

export interface RowActions {
  toggle(prototype: number): void;
  extendTo(prototype: number): void;
  /** Begins, or with `undefined` ends, the renaming of a class. */
  edit(prototype: number | undefined): void;
}

/** One class: isolated by hovering and by a click, ticked for merging, renamed in place. */
export const LegendRow = memo(function LegendRow(row: RowProps): ReactElement {
  const { view } = useApp();
  const { prototype, label, actions } = row;
  const hover = (hovered: number | undefined): void => view.setState({ hovered });
  return (
    <li onPointerEnter={() => hover(prototype)} onPointerLeave={() => hover(undefined)}>
      <input
        type="checkbox"
        className="legend-tick"
        checked={row.ticked}
        aria-label={`Select ${label}`}
        onChange={({ nativeEvent }) =>
          (nativeEvent as globalThis.MouseEvent).shiftKey ? actions.extendTo(prototype) : actions.toggle(prototype)
        }
        data-testid="legend-tick"
      />
      {row.editing ? <NameField {...row} /> : <RowButton {...row} />}
      {!row.editing && (
        <button
          type="button"
          className="legend-rename"
          // F2 on the row does the same.
          tabIndex={-1}
          title={`Rename ${label} (F2)`}
          aria-label={`Rename ${label}`}
          onClick={() => actions.edit(prototype)}
          data-testid="legend-rename"
        >
          <Icon name="edit" />
        </button>
      )}
    </li>
  );
});

function RowButton(row: RowProps): ReactElement {
  const { view } = useApp();
  const { prototype, label, usage, images, actions } = row;
  const color = prototypeCss(prototype, row.count);
  const click = (event: MouseEvent): void => {
    if (event.shiftKey) actions.extendTo(prototype);
    else if (event.ctrlKey || event.metaKey) actions.toggle(prototype);
    else view.setState({ pinned: row.pinned ? undefined : prototype, hovered: undefined });
  };
  const press = (event: KeyboardEvent): void => {
    if (event.key !== 'F2') return;
    event.preventDefault();
    actions.edit(prototype);
  };
  return (
    <button
      type="button"
      className={row.dimmed ? 'legend-row dimmed' : 'legend-row'}
      aria-pressed={row.pinned}
      aria-keyshortcuts="F2"
      title={`${label}: ${(100 * usage).toFixed(3)}% of all cells`}
      aria-label={`${label}: ${formatPercent(usage)} of all cells, in ${plural(images, 'watched image')}`}
      onFocus={({ currentTarget }) => currentTarget.matches(':focus-visible') && view.setState({ hovered: prototype })}
      onBlur={() => view.setState({ hovered: undefined })}
      onClick={click}
      onDoubleClick={() => actions.edit(prototype)}
      onKeyDown={press}
      data-testid="legend-row"
      data-prototype={prototype}
    >
      <span className="swatch" style={{ background: color }} />
      <span className="legend-what">
        <span className="legend-name">{label}</span>
        <span className="bar">
          <span style={{ background: color, transform: `scaleX(${row.width})` }} />
        </span>
      </span>
      <span className="legend-share">{formatPercent(usage)}</span>
      <span className="legend-count" title={`seen in ${plural(images, 'watched image')}`}>
        {images}
      </span>
      <kbd aria-hidden="true">{row.hint}</kbd>
    </button>
  );
}

/** Enter and leaving it keep what was written, Escape doesn't; then the focus is on the row again. */
function NameField({ prototype, count, name, label, actions }: RowProps): ReactElement {
  const { session } = useApp();
  const done = useRef(false);
  const end = (input: HTMLInputElement, keep: boolean): void => {
    if (done.current) return;
    done.current = true;
    if (keep) session.renameClass(prototype, input.value);
    actions.edit(undefined);
  };
  const press = (event: KeyboardEvent<HTMLInputElement>): void => {
    // An Enter may belong to an input method that is composing.
    if (event.nativeEvent.isComposing || (event.key !== 'Enter' && event.key !== 'Escape')) return;
    event.preventDefault();
    event.stopPropagation();
    const list = event.currentTarget.closest('ol');
    end(event.currentTarget, event.key === 'Enter');
    requestAnimationFrame(() => list?.querySelector<HTMLElement>(`[data-prototype="${prototype}"]`)?.focus());
  };
  return (
    <div className="legend-row">
      <span className="swatch" style={{ background: prototypeCss(prototype, count) }} />
      <input
        type="text"
        className="legend-input"
        defaultValue={name}
        placeholder={label}
        maxLength={MOST_NAME_LENGTH}
        aria-label={`Name of ${label}`}
        // Begun by the person, who wants to write.
        ref={(input) => input?.select()}
        onKeyDown={press}
        onBlur={({ currentTarget }) => end(currentTarget, true)}
        data-testid="legend-input"
      />
    </div>
  );
}

import { memo, type KeyboardEvent, type MouseEvent, type ReactElement } from 'react';
import { useApp } from '../app.ts';
import { prototypeCss } from '../widgets/colors.ts';
import { formatPercent, plural } from '../widgets/format.ts';
import { Icon } from '../widgets/icons.tsx';
import { ariaKeys, shortcutOf, shortcutProps } from '../widgets/shortcuts.ts';
import styles from './LegendRow.module.css';
import { NameField } from './NameField.tsx';
import type { RowProps } from './rowProps.ts';

/** One class: isolated by hovering and by a click, ticked for merging, renamed in place. */
export const LegendRow = memo(function LegendRow(row: RowProps): ReactElement {
  const { view } = useApp();
  const { prototype, label, actions } = row;
  const hover = (hovered: number | undefined): void => view.setState({ hovered });
  return (
    <li className={styles.item} onPointerEnter={() => hover(prototype)} onPointerLeave={() => hover(undefined)}>
      <input
        type="checkbox"
        className={styles.tick}
        checked={row.ticked}
        aria-label={`Select ${label}`}
        onChange={({ nativeEvent }) =>
          nativeEvent instanceof globalThis.MouseEvent && nativeEvent.shiftKey
            ? actions.extendTo(prototype)
            : actions.toggle(prototype)
        }
        data-testid="legend-tick"
      />
      {row.editing ? <NameField {...row} /> : <RowButton {...row} />}
      {!row.editing && (
        <button
          type="button"
          className={styles.rename}
          // The shortcut on the row does the same.
          tabIndex={-1}
          {...shortcutProps('rename', `Rename ${label}`)}
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
  const click = (event: MouseEvent): void => {
    if (event.shiftKey) actions.extendTo(prototype);
    else if (event.ctrlKey || event.metaKey) actions.toggle(prototype);
    else view.setState({ pinned: row.pinned ? undefined : prototype, hovered: undefined });
  };
  const press = (event: KeyboardEvent): void => {
    if (shortcutOf(event, 'legend')?.name !== 'rename') return;
    event.preventDefault();
    actions.edit(prototype);
  };
  return (
    <button
      type="button"
      className={`${styles.row} ${row.dimmed ? styles.dimmed : ''}`}
      aria-pressed={row.pinned}
      aria-keyshortcuts={ariaKeys('rename')}
      title={`${label}: ${(100 * usage).toFixed(3)}% of all cells`}
      aria-label={`${label}: ${formatPercent(usage)} of all cells, in ${plural(images, 'watched image')}`}
      onFocus={({ currentTarget }) => {
        if (currentTarget.matches(':focus-visible')) view.setState({ hovered: prototype });
      }}
      onBlur={() => view.setState({ hovered: undefined })}
      onClick={click}
      onDoubleClick={() => actions.edit(prototype)}
      onKeyDown={press}
      data-testid="legend-row"
      data-prototype={prototype}
    >
      <Cells {...row} />
    </button>
  );
}

/** The columns of a row. */
function Cells({ prototype, count, label, usage, images, width, hint }: RowProps): ReactElement {
  const color = prototypeCss(prototype, count);
  return (
    <>
      <span className="swatch" style={{ background: color }} />
      <span className={styles.usage}>
        <span className={styles.name}>{label}</span>
        <span className={styles.bar}>
          <span style={{ background: color, transform: `scaleX(${width})` }} />
        </span>
      </span>
      <span className={styles.fraction}>{formatPercent(usage)}</span>
      <span className={styles.images} title={`appears in ${plural(images, 'watched image')}`}>
        {images}
      </span>
      <kbd aria-hidden="true">{hint}</kbd>
    </>
  );
}

import { useRef, type KeyboardEvent, type ReactElement } from 'react';
import { MAX_NAME_LENGTH } from '../../domain/classes.ts';
import { useApp } from '../app.ts';
import { prototypeCss } from '../widgets/colors.ts';
import styles from './LegendRow.module.css';
import type { RowProps } from './rowProps.ts';

/** Renames a class. Enter and leaving the field keep the text, Escape discards it; then the focus returns to the row. */
export function NameField({ prototype, count, name, label, actions }: RowProps): ReactElement {
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
    <div className={styles.row}>
      <span className="swatch" style={{ background: prototypeCss(prototype, count) }} />
      <input
        type="text"
        defaultValue={name}
        placeholder={label}
        maxLength={MAX_NAME_LENGTH}
        aria-label={`Name of ${label}`}
        // Renaming was requested: the next keys are the name.
        ref={(input) => input?.select()}
        onKeyDown={press}
        onBlur={({ currentTarget }) => end(currentTarget, true)}
        data-testid="legend-input"
      />
    </div>
  );
}

import { memo, useState, type ReactElement } from 'react';
import { FIELDS, type Field, type FieldName } from '../../config/fields.ts';
import { presetSettings } from '../../state/view/settings.ts';
import { useApp, useSettings } from '../app.ts';
import { Icon } from '../widgets/icons.tsx';
import styles from './FieldControl.module.css';

/** One setting: label, input, unit, help, error, and a button that resets it to the preset's value. */
export const FieldControl = memo(function FieldControl({ name }: { readonly name: FieldName }): ReactElement {
  const { settings } = useApp();
  const field: Field = FIELDS[name];
  const value = useSettings((state) => state.config[name]);
  const draft = useSettings((state) => state.drafts[name]);
  const base = useSettings((state) => presetSettings(state.preset)[name]);
  const changed = draft !== undefined || value !== base;
  const id = `setting-${name}`;
  const describedBy = draft ? `${id}-help ${id}-error` : `${id}-help`;
  const reset = (): void => settings.reset(name);
  return (
    <div className={`${styles.field} ${changed ? styles.changed : ''}`} data-setting={name}>
      <div className={styles.line}>
        <label htmlFor={id}>
          {field.label}
          {field.symbol && <span className="muted"> {field.symbol}</span>}
        </label>
        <Input
          id={id}
          name={name}
          text={draft?.text ?? String(value)}
          describedBy={describedBy}
          invalid={draft !== undefined}
        />
        <span className={styles.unit}>
          {field.type === 'number' || field.type === 'integer' ? field.unit : undefined}
        </span>
      </div>
      <p className={styles.help} id={`${id}-help`}>
        {field.help}
      </p>
      {draft && (
        <p className={styles.error} id={`${id}-error`} role="alert">
          {draft.message}
        </p>
      )}
      {changed && (
        <button
          type="button"
          className={`link ${styles.reset}`}
          onClick={reset}
          aria-label={`${field.label}: back to ${String(base)}`}
        >
          <Icon name="undo" /> default {shown(base)}
        </button>
      )}
    </div>
  );
});

interface InputProps {
  readonly id: string;
  readonly name: FieldName;
  readonly text: string;
  readonly describedBy: string;
  readonly invalid: boolean;
}

function Input({ id, name, text, describedBy, invalid }: InputProps): ReactElement {
  const { settings } = useApp();
  const field: Field = FIELDS[name];
  const common = { id, name, 'aria-describedby': describedBy, 'aria-invalid': invalid };
  switch (field.type) {
    case 'boolean':
      return (
        <input
          {...common}
          type="checkbox"
          checked={text === 'true'}
          onChange={({ currentTarget }) => settings.edit(name, String(currentTarget.checked))}
        />
      );
    case 'choice':
      return (
        <select {...common} value={text} onChange={({ currentTarget }) => settings.edit(name, currentTarget.value)}>
          {field.choices.map((option) => (
            <option key={option}>{option}</option>
          ))}
        </select>
      );
    case 'number':
    case 'integer':
      return <NumberInput {...common} text={text} isWhole={field.type === 'integer'} />;
  }
}

interface NumberProps {
  readonly id: string;
  readonly name: FieldName;
  readonly text: string;
  readonly isWhole: boolean;
}

/** Leaves the text as it is typed until the field is left: "0," is 0 on the way to "0,5". */
function NumberInput({ id, name, text, isWhole, ...common }: NumberProps): ReactElement {
  const { settings } = useApp();
  const [typed, setTyped] = useState<{ readonly text: string; readonly value: string }>();
  const type = (edited: string): void => {
    settings.edit(name, edited);
    setTyped({ text: edited, value: String(settings.store.getState().config[name]) });
  };
  return (
    <input
      {...common}
      id={id}
      name={name}
      type="text"
      inputMode={isWhole ? 'numeric' : 'decimal'}
      autoComplete="off"
      spellCheck={false}
      value={typed?.value === text ? typed.text : text}
      onChange={({ currentTarget }) => type(currentTarget.value)}
      onBlur={() => setTyped(undefined)}
    />
  );
}

function shown(value: string | number | boolean): string {
  return typeof value === 'boolean' ? (value ? 'on' : 'off') : String(value);
}

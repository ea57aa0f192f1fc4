import { useState, type ReactElement } from 'react';
import { parseNumber } from '../../config/numberText.ts';
import { MASK_FORMS, OBJECTS, type MaskFormId, type MaskOptions } from '../../domain/maskForms.ts';
import { useApp, useSession } from '../app.ts';
import styles from './MaskFormFields.module.css';

const OBJECT_LABELS: Readonly<Record<MaskOptions['per'], string>> = {
  class: 'One annotation per class and image',
  region: 'One per connected region (instances)',
};

/** Chooses the forms of an export, and what counts as one object. */
export function MaskFormFields({ disabled }: { readonly disabled: boolean }): ReactElement {
  const { session } = useApp();
  const { forms, per, edges } = useSession((state) => state.maskOptions);
  const hasObjects = MASK_FORMS.some((form) => form.hasObjects && forms.includes(form.id));
  const toggle = (id: MaskFormId, on: boolean): void =>
    session.setMaskOptions({
      forms: MASK_FORMS.map((form) => form.id).filter((one) => (one === id ? on : forms.includes(one))),
    });
  return (
    <div className={styles.fields}>
      <fieldset disabled={disabled}>
        <legend>Forms</legend>
        {MASK_FORMS.map(({ id, label, purpose }) => (
          <label key={id} className={styles.choice}>
            <input
              type="checkbox"
              checked={forms.includes(id)}
              onChange={({ currentTarget }) => toggle(id, currentTarget.checked)}
              data-testid={`masks-as-${id}`}
            />
            <span>{label}</span>
            <span className={styles.purpose}>{purpose}</span>
          </label>
        ))}
      </fieldset>
      <fieldset disabled={disabled || !hasObjects}>
        <legend>Objects</legend>
        {OBJECTS.map((one) => (
          <label key={one} className={styles.choice}>
            <input
              type="radio"
              name="masks-per"
              checked={per === one}
              onChange={() => session.setMaskOptions({ per: one })}
              data-testid={`masks-per-${one}`}
            />
            <span>{OBJECT_LABELS[one]}</span>
          </label>
        ))}
        {per === 'region' && <MinRegion />}
      </fieldset>
      <label className={styles.choice}>
        <input
          type="checkbox"
          checked={edges}
          disabled={disabled}
          onChange={({ currentTarget }) => session.setMaskOptions({ edges: currentTarget.checked })}
          data-testid="masks-edges"
        />
        <span>Follow edges</span>
        <span className={styles.purpose}>Borders are those of the photographs, which are read once more.</span>
      </label>
    </div>
  );
}

function MinRegion(): ReactElement {
  const { session } = useApp();
  const percent = useSession(({ maskOptions }) => 100 * maskOptions.minRegion);
  const [draft, setDraft] = useState<string>();
  const edit = (text: string): void => {
    const value = parsePercent(text);
    setDraft(value === undefined ? text : undefined);
    if (value !== undefined) session.setMaskOptions({ minRegion: value / 100 });
  };
  return (
    <>
      <label className={styles.area}>
        leaving out those below
        <input
          type="text"
          inputMode="decimal"
          defaultValue={String(percent)}
          aria-invalid={draft !== undefined}
          aria-describedby={draft === undefined ? undefined : 'masks-min-region-error'}
          onChange={({ currentTarget }) => edit(currentTarget.value)}
          data-testid="masks-min-region"
        />
        % of the image
      </label>
      {draft !== undefined && (
        <p id="masks-min-region-error" className={styles.error} role="alert">
          “{draft}” is no percentage from 0 to 100; {percent} is used.
        </p>
      )}
    </>
  );
}

function parsePercent(text: string): number | undefined {
  const percent = parseNumber(text.trim());
  return percent !== undefined && percent >= 0 && percent <= 100 ? percent : undefined;
}

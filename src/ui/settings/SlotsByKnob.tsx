import type { ReactElement } from 'react';
import { SLOTS_BY_LABEL, SLOTS_BY_NAMES, SLOTS_BY_STOPS, slotsByOf } from '../../config/slotsBy.ts';
import { useApp, useSettings } from '../app.ts';
import styles from './SlotsByKnob.module.css';

const [FIRST, LAST] = [SLOTS_BY_STOPS.color, SLOTS_BY_STOPS.things];

/** What decides about slots: one knob for the settings of color and the teacher's temperature. */
export function SlotsByKnob(): ReactElement {
  const { settings } = useApp();
  const chosen = useSettings(({ config }) => slotsByOf(config));
  return (
    <fieldset className={styles.knob} data-testid="slots-by" aria-describedby="slots-by-does">
      <legend>
        {SLOTS_BY_LABEL} <strong>{chosen === 'custom' ? 'custom' : SLOTS_BY_STOPS[chosen].label}</strong>
      </legend>
      <div className={styles.line}>
        <Example joins={false} />
        <div className={styles.stops}>
          {SLOTS_BY_NAMES.map((name) => (
            <label key={name} title={SLOTS_BY_STOPS[name].label}>
              <input
                type="radio"
                name="slots-by"
                value={name}
                aria-label={SLOTS_BY_STOPS[name].label}
                checked={name === chosen}
                onChange={() => settings.change(SLOTS_BY_STOPS[name].config)}
              />
            </label>
          ))}
        </div>
        <Example joins />
      </div>
      <div className={styles.ends} aria-hidden="true">
        <span>{FIRST.label}</span>
        <span>{LAST.label}</span>
      </div>
      <p className="muted" id="slots-by-does">
        {chosen === 'custom'
          ? 'Color jitter, gray and teacher temperature have values of their own; a stop sets all of them.'
          : SLOTS_BY_STOPS[chosen].description}
      </p>
    </fieldset>
  );
}

/** Slots of a road that lies half in shadow. */
function Example({ joins }: { readonly joins: boolean }): ReactElement {
  const label = joins ? 'A road in sun and shadow as one slot' : 'A road in sun and shadow as two slots';
  return (
    <svg viewBox="0 0 48 32" className={styles.example} role="img" aria-label={label}>
      <rect width="48" height="12" className={styles.sky} />
      <rect y="12" width="48" height="20" className={styles.verge} />
      <path d="M20 12h8l16 20H4z" className={styles.road} />
      {joins ? (
        <path d="M12 22h24" className={styles.edge} />
      ) : (
        <path d="M12 22h24l8 10H4z" className={styles.shadow} />
      )}
    </svg>
  );
}

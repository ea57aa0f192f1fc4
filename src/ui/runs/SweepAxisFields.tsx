import type { ReactElement } from 'react';
import { FIELD_NAMES, FIELDS, type FieldName } from '../../config/fields.ts';
import { axisLabel, type SweepAxis } from '../../config/sweep/sweep.ts';
import { SLOTS_BY, SLOTS_BY_NAMES } from '../../config/slotsBy.ts';
import styles from './SweepAxisFields.module.css';

/** The paper's three tables, with values around the default. */
const PAPER: readonly (readonly [FieldName, string])[] = [
  ['prototypes', '8,16,32'],
  ['groupLossWeight', '0,0.5,1'],
  ['teacherTemp', '0.04,0.07,0.1'],
];
const OTHERS = FIELD_NAMES.filter(
  (name) => FIELDS[name].group !== 'display' && name !== 'seed' && !PAPER.some(([first]) => first === name),
);

type AxisName = SweepAxis['name'] | '';

export interface AxisText {
  readonly name: AxisName;
  readonly values: string;
}

interface AxisProps {
  readonly label: string;
  readonly axis: AxisText;
  readonly optional?: boolean;
  onChange(axis: AxisText): void;
}

/** A setting of the sweep and its values. */
export function AxisFields({ label, axis: { name, values }, optional = false, onChange }: AxisProps): ReactElement {
  const choose = (next: AxisName): void => {
    const preset = next === SLOTS_BY ? SLOTS_BY_NAMES.join(',') : PAPER.find(([one]) => one === next)?.[1];
    onChange({ name: next, values: preset ?? '' });
  };
  return (
    <div className={styles.axis}>
      <label className="inline-control">
        {label}
        <select value={name} onChange={({ currentTarget }) => choose(currentTarget.value as AxisName)}>
          {optional && <option value="">none</option>}
          <option value={SLOTS_BY}>{axisLabel(SLOTS_BY)}</option>
          <optgroup label="The paper’s tables">
            {PAPER.map(([one]) => (
              <option key={one} value={one}>
                {FIELDS[one].label}
              </option>
            ))}
          </optgroup>
          <optgroup label="Other settings">
            {OTHERS.map((one) => (
              <option key={one} value={one}>
                {FIELDS[one].label}
              </option>
            ))}
          </optgroup>
        </select>
      </label>
      {name !== '' && (
        <label className="inline-control">
          Values
          <input
            type="text"
            value={values}
            placeholder="with , or ; between"
            onChange={({ currentTarget }) => onChange({ name, values: currentTarget.value })}
          />
        </label>
      )}
    </div>
  );
}

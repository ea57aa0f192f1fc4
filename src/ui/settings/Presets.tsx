import type { ReactElement } from 'react';
import { PRESET_NAMES, PRESETS, type PresetName } from '../../config/presets.ts';
import { useApp, useSettings } from '../app.ts';
import { formatGflop } from '../widgets/format.ts';
import styles from './Presets.module.css';

/** Chooses the preset that the other settings start from. */
export function Presets(): ReactElement {
  const { settings } = useApp();
  const chosen = useSettings((state) => state.preset);
  return (
    <div className={styles.presets} role="radiogroup" aria-label="Preset">
      {PRESET_NAMES.map((name) => (
        <Preset key={name} name={name} checked={name === chosen} choose={settings.choosePreset} />
      ))}
    </div>
  );
}

interface PresetProps {
  readonly name: PresetName;
  readonly checked: boolean;
  choose(name: PresetName): void;
}

function Preset({ name, checked, choose }: PresetProps): ReactElement {
  const { label, description, expectedCost } = PRESETS[name];
  return (
    <label className={styles.preset} data-testid={`preset-${name}`}>
      <input type="radio" name="preset" value={name} checked={checked} onChange={() => choose(name)} />
      <span className={styles.name}>{label}</span>
      <span className={styles.cost}>{formatGflop(expectedCost)} per step</span>
      {checked && <span className={styles.description}>{description}</span>}
    </label>
  );
}

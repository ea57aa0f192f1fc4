import { memo, useMemo, type ReactElement } from 'react';
import { FIELD_NAMES, FIELDS, GROUP_TITLES, type FieldGroup, type FieldName } from '../../config/fields.ts';
import { configWarnings } from '../../config/warnings.ts';
import { PRESET_NAMES, PRESETS, type PresetName } from '../../config/presets.ts';
import { isActive } from '../../state/session/state.ts';
import { changedSettings } from '../../state/view/settings.ts';
import { useApp, useSession, useSettings, useView } from '../app.ts';
import { CostLine } from './CostLine.tsx';
import { FieldControl } from './FieldControl.tsx';
import { formatGflop } from '../widgets/format.ts';
import { Icon } from '../widgets/icons.tsx';

/** Preset first, everything else folded by group. All of it is generated from the settings schema. */
export const SettingsPanel = memo(function SettingsPanel(): ReactElement {
  const active = useSession((state) => isActive(state.run));
  return (
    <section className="panel settings-panel" aria-labelledby="settings-heading">
      <div className="panel-head">
        <h2 id="settings-heading">Settings</h2>
        {active && <span className="muted">changes apply to the next run</span>}
      </div>
      <Presets />
      <CostLine />
      <Warnings />
      {(Object.keys(GROUP_TITLES) as FieldGroup[]).map((group) => (
        <Group key={group} group={group} />
      ))}
    </section>
  );
});

function Presets(): ReactElement {
  const { settings } = useApp();
  const chosen = useSettings((state) => state.preset);
  return (
    <div className="presets" role="radiogroup" aria-label="Preset">
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
    <label className={checked ? 'preset checked' : 'preset'} data-testid={`preset-${name}`}>
      <input type="radio" name="preset" value={name} checked={checked} onChange={() => choose(name)} />
      <span className="preset-name">{label}</span>
      <span className="preset-cost">{formatGflop(expectedCost)} a step</span>
      {checked && <span className="preset-text">{description}</span>}
    </label>
  );
}

/** Valid but risky settings, in words. */
function Warnings(): ReactElement | null {
  const config = useSettings((state) => state.config);
  const warnings = useMemo(() => configWarnings(config), [config]);
  if (warnings.length === 0) return null;
  return (
    <ul className="warnings" data-testid="settings-warnings">
      {warnings.map((warning) => (
        <li key={warning}>
          <Icon name="warning" /> <span>{warning}</span>
        </li>
      ))}
    </ul>
  );
}

function Group({ group }: { readonly group: FieldGroup }): ReactElement {
  const { view } = useApp();
  const open = useView((state) => state.openGroups.includes(group));
  const names = useMemo(() => FIELD_NAMES.filter((name) => FIELDS[name].group === group), [group]);
  const changed = useSettings((state) => countChanged(names, changedSettings(state.preset, state.config)));
  const invalid = useSettings((state) => names.some((name) => state.drafts[name]));
  const toggle = (opened: boolean): void => {
    const others = view.getState().openGroups.filter((other) => other !== group);
    if (opened !== open) view.setState({ openGroups: opened ? [...others, group] : others });
  };
  return (
    <details
      className="group"
      open={open}
      onToggle={({ currentTarget }) => toggle(currentTarget.open)}
      data-group={group}
    >
      <summary>
        {GROUP_TITLES[group]}
        {invalid && <span className="tag tag-alarm">not valid</span>}
        {changed > 0 && <span className="tag">{changed} changed</span>}
      </summary>
      {open && names.map((name) => <FieldControl key={name} name={name} />)}
    </details>
  );
}

function countChanged(names: readonly FieldName[], changed: readonly FieldName[]): number {
  return names.filter((name) => changed.includes(name)).length;
}

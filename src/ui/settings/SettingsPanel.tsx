import { memo, useMemo, type ReactElement } from 'react';
import { FIELD_NAMES, FIELDS, GROUP_TITLES, type FieldGroup, type FieldName } from '../../config/fields.ts';
import { configWarnings, memoryWarnings } from '../../config/warnings.ts';
import type { MemoryPlan } from '../../state/session/adapter.ts';
import { isActive } from '../../state/session/run.ts';
import { changedSettings } from '../../state/view/settings.ts';
import { useApp, useSession, useSettings, useView } from '../app.ts';
import { CostLine } from './CostLine.tsx';
import { FieldControl } from './FieldControl.tsx';
import { NoteList } from '../widgets/NoteList.tsx';
import { Presets } from './Presets.tsx';
import { SlotsByKnob } from './SlotsByKnob.tsx';
import styles from './SettingsPanel.module.css';

/** Presets and the knob, then every setting by group, generated from the settings schema. */
export const SettingsPanel = memo(function SettingsPanel(): ReactElement {
  const active = useSession((state) => isActive(state.run));
  return (
    <section aria-labelledby="settings-heading">
      <div className="panel-head">
        <h2 id="settings-heading">Settings</h2>
        {active && <span className="muted">changes apply to the next run</span>}
      </div>
      <Presets />
      <SlotsByKnob />
      <CostLine />
      <Warnings />
      {(Object.keys(GROUP_TITLES) as FieldGroup[]).map((group) => (
        <Group key={group} group={group} />
      ))}
    </section>
  );
});

/** Warnings about valid but risky settings. */
function Warnings(): ReactElement | null {
  const config = useSettings((state) => state.config);
  const plan = useSession((state) => state.memoryPlan);
  const hostBytes = useSession(({ adapter }) => (adapter.status === 'ready' ? adapter.adapter.hostBytes : undefined));
  const notes = useMemo(() => {
    const ofMemory = plan?.config !== config ? [] : memoryNotes(plan, hostBytes);
    return [...configWarnings(config), ...ofMemory].map((text) => ({ level: 'warning', text }) as const);
  }, [config, plan, hostBytes]);
  return <NoteList testId="settings-warnings" notes={notes} />;
}

function memoryNotes(plan: MemoryPlan, hostBytes: number | undefined): string[] {
  return plan.status === 'refused' ? [plan.why] : memoryWarnings(plan.memory, hostBytes);
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
      className={styles.group}
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

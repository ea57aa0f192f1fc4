import { createStore, type StoreApi } from 'zustand/vanilla';
import { FIELD_NAMES, type Config, type FieldName } from '../../config/fields.ts';
import { parseSetting, type SettingValue } from '../../config/parse.ts';
import { differing, pick } from '../../config/starts/startSettings.ts';
import { checkConfig } from '../../config/validate.ts';
import { PRESET_NAMES, presetConfig, proposedPreset, type PresetName } from '../../config/presets.ts';
import { errorMessage } from '../../lib/errors.ts';
import { asEntries, type Memory } from '../platform/memory.ts';

/** Computed once: every control reads them at every change. */
const PRESET_CONFIGS = Object.fromEntries(PRESET_NAMES.map((name) => [name, presetConfig(name)])) as Record<
  PresetName,
  Config
>;

/** Settings of a preset, which changed settings are reset to. */
export function presetSettings(preset: PresetName): Config {
  return PRESET_CONFIGS[preset];
}

/** Text in a control that isn't a valid value (yet). */
export interface Draft {
  readonly text: string;
  readonly message: string;
}

/** Settings that were changed to suit a file, with what they were. */
export interface Adaptation {
  readonly before: Partial<Config>;
  readonly after: Partial<Config>;
}

export interface SettingsState {
  readonly preset: PresetName;
  /** Whether the person chose the preset; until then the adapter's proposal is used. */
  readonly chosen: boolean;
  /** Every setting, each valid by itself; see `settingsConflict`. */
  readonly config: Config;
  readonly drafts: Readonly<Partial<Record<FieldName, Draft>>>;
  /** Undefined where no file has changed anything, or it was put back. */
  readonly adapted: Adaptation | undefined;
}

export interface Settings {
  readonly store: StoreApi<SettingsState>;
  choosePreset(preset: PresetName): void;
  /** Selects the preset that suits the adapter, unless the person has chosen or edited settings. */
  propose(slow: boolean): void;
  edit(name: FieldName, text: string): void;
  /** Sets valid values, as if they had been entered. */
  change(values: Partial<Config>): void;
  /** Resets one setting to the preset's value. */
  reset(name: FieldName): void;
  resetAll(): void;
  /** Fills in the settings of a checkpoint: the closest preset, with changes. */
  adopt(config: Config): void;
  /** Changes settings to suit a file, instead of an earlier one. */
  adapt(values: Partial<Config>): void;
  /** Puts back what was changed to suit a file, except what has been edited since. */
  undoAdaptation(): void;
  /** Keeps what was changed to suit a file. */
  keepAdaptation(): void;
}

export function createSettings(memory: Memory): Settings {
  const store = createStore<SettingsState>()(() => recallSettings(memory.recall('settings')));
  const { getState: get, setState: set } = store;
  store.subscribe(({ preset, chosen, config }) => {
    const changed = changedSettings(preset, config);
    if (chosen || changed.length > 0) {
      memory.remember('settings', {
        preset,
        chosen,
        changed: Object.fromEntries(changed.map((name) => [name, config[name]])),
      });
    }
  });
  const assign = (name: FieldName, value: SettingValue): void => {
    const { [name]: _, ...drafts } = get().drafts;
    set({ config: { ...get().config, [name]: value }, drafts });
  };
  const change = (values: Partial<Config>): void => {
    const drafts = Object.entries(get().drafts).filter(([name]) => !Object.hasOwn(values, name));
    set({ config: { ...get().config, ...values }, drafts: Object.fromEntries(drafts) });
  };
  const undoAdaptation = (): void => {
    const { adapted } = get();
    if (!adapted) return;
    change(pick(adapted.before, unedited(adapted, get().config)));
    set({ adapted: undefined });
  };
  return {
    store,
    choosePreset: (preset) =>
      set({ preset, chosen: true, config: presetSettings(preset), drafts: {}, adapted: undefined }),
    propose: (slow) => {
      const { chosen, preset, config, drafts } = get();
      const untouched = !chosen && Object.keys(drafts).length === 0 && changedSettings(preset, config).length === 0;
      const proposal = proposedPreset(slow);
      if (untouched) set({ preset: proposal, config: presetSettings(proposal) });
    },
    edit: (name, text) => {
      try {
        assign(name, parseSetting(name, text).value);
      } catch (thrown) {
        set({ drafts: { ...get().drafts, [name]: { text, message: errorMessage(thrown) } } });
      }
    },
    change,
    reset: (name) => assign(name, presetSettings(get().preset)[name]),
    resetAll: () => set({ config: presetSettings(get().preset), drafts: {}, adapted: undefined }),
    adopt: (config) => set({ preset: closestPreset(config), chosen: true, config, drafts: {}, adapted: undefined }),
    adapt: (values) => {
      undoAdaptation();
      const { config } = get();
      const names = differing(values, config);
      if (names.length === 0) return;
      const after = pick(values, names);
      change(after);
      set({ adapted: { before: pick(config, names), after } });
    },
    undoAdaptation,
    keepAdaptation: () => set({ adapted: undefined }),
  };
}

/** Settings that still are as a file changed them. */
export function unedited({ after }: Adaptation, config: Config): FieldName[] {
  return FIELD_NAMES.filter((name) => after[name] !== undefined && after[name] === config[name]);
}

/** Settings that differ from the preset, in the order of the form. */
export function changedSettings(preset: PresetName, config: Config): FieldName[] {
  const base = presetSettings(preset);
  return FIELD_NAMES.filter((name) => base[name] !== config[name]);
}

function closestPreset(config: Config): PresetName {
  const distance = (preset: PresetName): number => changedSettings(preset, config).length;
  return PRESET_NAMES.reduce((best, preset) => (distance(preset) < distance(best) ? preset : best));
}

/** Returns why settings that are each valid are invalid together; undefined if they are not. */
export function settingsConflict(config: Config): string | undefined {
  try {
    checkConfig(config);
    return undefined;
  } catch (thrown) {
    return errorMessage(thrown);
  }
}

/** Settings of an earlier visit; unknown or invalid ones are dropped. */
function recallSettings(value: unknown): SettingsState {
  const { preset: name, chosen, changed } = asEntries(value);
  const preset = PRESET_NAMES.find((known) => known === name) ?? proposedPreset(false);
  const entries = asEntries(changed);
  const overrides = FIELD_NAMES.flatMap((field) => {
    const override = entries[field];
    if (typeof override !== 'string' && typeof override !== 'number' && typeof override !== 'boolean') return [];
    try {
      return [[field, parseSetting(field, String(override)).value] as const];
    } catch {
      return [];
    }
  });
  const config: Config = { ...presetSettings(preset), ...Object.fromEntries(overrides) };
  return { preset, chosen: chosen === true, config, drafts: {}, adapted: undefined };
}

import { FIELD_NAMES, FIELDS, type Config, type FieldName } from '../../config/fields.ts';
import { smooth, type Curves, type SeriesName } from './series.ts';

/** Curves of several runs over the union of their steps: where a run has no point there is `undefined`. */
export interface JoinedCurves {
  readonly steps: Float64Array;
  readonly values: readonly (readonly (number | undefined)[])[];
}

export function joinCurves(runs: readonly Curves[], name: SeriesName, smoothing: number): JoinedCurves {
  const steps = Float64Array.from(new Set(runs.flatMap((run) => [...run.steps]))).sort();
  const values = runs.map((run) => {
    const smoothed = smooth(run.values[name], smoothing);
    const at = new Map(Array.from(run.steps, (step, index) => [step, smoothed[index]] as const));
    return Array.from(steps, (step) => at.get(step));
  });
  return { steps, values };
}

export interface SettingDifference {
  readonly name: FieldName;
  readonly label: string;
  /** One a run, in their order. */
  readonly values: readonly string[];
}

/** The settings that are not the same in all of these runs, in the order of the schema. */
export function differingSettings(configs: readonly Config[]): readonly SettingDifference[] {
  return FIELD_NAMES.filter((name) => new Set(configs.map((config) => config[name])).size > 1).map((name) => ({
    name,
    label: FIELDS[name].label,
    values: configs.map((config) => String(config[name])),
  }));
}

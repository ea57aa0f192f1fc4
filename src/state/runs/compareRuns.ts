import { FIELD_NAMES, FIELDS, type Config, type FieldName } from '../../config/fields.ts';
import { smooth } from '../../lib/smooth.ts';
import type { SeriesName } from '../../signals/metrics.ts';
import { seriesValues, type Curves } from './series.ts';

/** One series of several runs over the union of their steps; `undefined` where a run has no value. */
export interface JoinedCurves {
  readonly steps: Float64Array;
  /** One array per run, each as long as `steps`. */
  readonly values: readonly (readonly (number | undefined)[])[];
}

export function joinCurves(runs: readonly Curves[], name: SeriesName, smoothing: number): JoinedCurves {
  const steps = Float64Array.from(new Set(runs.flatMap((run) => [...run.steps]))).sort();
  const values = runs.map((run) => {
    const smoothed = smooth(seriesValues(run, name), smoothing);
    const valueAt = new Map(Array.from(run.steps, (step, index) => [step, smoothed[index]]));
    return Array.from(steps, (step) => finite(valueAt.get(step)));
  });
  return { steps, values };
}

const finite = (value: number | undefined): number | undefined => (Number.isNaN(value) ? undefined : value);

export interface SettingDifference {
  readonly name: FieldName;
  readonly label: string;
  /** One per run, in their order. */
  readonly values: readonly string[];
}

/** The settings that are not the same in all of these runs, in the order of `FIELDS`. */
export function differingSettings(configs: readonly Config[]): readonly SettingDifference[] {
  return FIELD_NAMES.filter((name) => new Set(configs.map((config) => config[name])).size > 1).map((name) => ({
    name,
    label: FIELDS[name].label,
    values: configs.map((config) => String(config[name])),
  }));
}

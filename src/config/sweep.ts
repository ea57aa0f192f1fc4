import { UserError } from '../lib/errors.ts';
import { FIELDS, type Config, type FieldName } from './fields.ts';
import { makeConfig, parseSetting, type SettingValue } from './parse.ts';

/** A setting and the values to try. */
export interface SweepAxis {
  readonly name: FieldName;
  readonly values: readonly SettingValue[];
}

/** One run of a sweep. */
export interface SweepPoint {
  /** Unique within the sweep: `prototypes=8 seed=1`. */
  readonly label: string;
  /** The values of the axes, in their order. */
  readonly values: readonly SettingValue[];
  readonly seed: number;
  readonly overrides: Partial<Config>;
}

/** Max number of runs; more are most likely a typo. */
const MAX_RUNS = 200;

/** `name=value,value,…`, or with semicolons between. Throws `config/…` as `parseSetting` does, and for fewer than two or repeated values. */
export function parseSweepAxis(text: string): SweepAxis {
  const [name] = text.split('=', 1);
  const list = text.slice(name.length + 1);
  // Semicolons leave the commas to decimals.
  const parsed = list.split(list.includes(';') ? ';' : ',').map((value) => parseSetting(name, value));
  const [first] = parsed;
  const values = parsed.map(({ value }) => value);
  if (values.length < 2 || new Set(values).size < values.length) {
    throw new UserError(
      'config/sweep',
      `A sweep over "${FIELDS[first.name].label}" (${first.name}) needs two or more different values, such as ${first.name}=1,2,3; it was given "${list}".`,
    );
  }
  return { name: first.name, values };
}

/**
 * Every combination of the axes with `seeds` seeds, counted from the base's own; the last axis varies fastest, the seed
 * within it. Throws `config/…` if any combination is not a valid configuration.
 */
export function sweepPoints(axes: readonly SweepAxis[], seeds: number, base: Config): SweepPoint[] {
  const names = axes.map(({ name }) => name);
  if (new Set(names).size < names.length || names.includes('seed')) {
    throw new UserError(
      'config/sweep',
      `Each setting can be swept once, and seeds by their number: ${names.join(', ')}.`,
    );
  }
  const combinations = axes.reduce<SettingValue[][]>(
    (combined, { values }) => combined.flatMap((one) => values.map((value) => [...one, value])),
    [[]],
  );
  const runs = combinations.length * seeds;
  if (runs > MAX_RUNS) {
    throw new UserError(
      'config/sweep',
      `The sweep has ${runs} runs; at most ${MAX_RUNS} are made. Leave out values or seeds.`,
    );
  }
  return combinations.flatMap((values) =>
    Array.from({ length: seeds }, (_, index): SweepPoint => {
      const seed = base.seed + index;
      const settings = Object.fromEntries(values.map((value, axis) => [names[axis], value]));
      const overrides = { ...settings, seed };
      makeConfig(base, overrides);
      const parts = Object.entries(overrides).map(([name, value]) => `${name}=${value}`);
      return { label: parts.join(' '), values, seed, overrides };
    }),
  );
}

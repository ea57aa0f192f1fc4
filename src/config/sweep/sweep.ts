import { UserError } from '../../lib/errors.ts';
import { FIELDS, type Config, type Field, type FieldName } from '../fields.ts';
import { makeConfig, parseGiven, type GivenSetting } from '../parse.ts';
import { SLOTS_BY, SLOTS_BY_LABEL } from '../slotsBy.ts';

/** A setting, or the knob *Slots by*, and the values to try. */
export interface SweepAxis {
  readonly name: FieldName | typeof SLOTS_BY;
  readonly values: readonly AxisValue[];
}

type AxisValue = GivenSetting['value'];

/** The setting as people read it, with the paper's symbol. */
export function axisLabel(name: SweepAxis['name']): string {
  if (name === SLOTS_BY) return SLOTS_BY_LABEL;
  const { label, symbol }: Field = FIELDS[name];
  return symbol === undefined ? label : `${label} ${symbol}`;
}

/** One run of a sweep. */
export interface SweepPoint {
  /** Unique within the sweep: `prototypes=8 seed=1`. */
  readonly label: string;
  /** The values of the axes, in their order. */
  readonly values: readonly AxisValue[];
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
  const parsed = list.split(list.includes(';') ? ';' : ',').map((value) => parseGiven(name, value));
  const [first] = parsed;
  const values = parsed.map(({ value }) => value);
  if (values.length < 2 || new Set(values).size < values.length) {
    throw new UserError(
      'config/sweep',
      `A sweep over "${axisLabel(first.name)}" (${first.name}) needs two or more different values, such as ${first.name}=${first.name === SLOTS_BY ? 'color,things' : '1,2,3'}; it was given "${list}".`,
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
  const combinations = axes.reduce<AxisValue[][]>(
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
      const given = values.map((value, axis) => parseGiven(names[axis], String(value)).settings);
      const overrides = { ...(Object.assign({}, ...given) as Partial<Config>), seed };
      makeConfig(base, overrides);
      const parts = [...values.map((value, axis) => `${names[axis]}=${value}`), `seed=${seed}`];
      return { label: parts.join(' '), values, seed, overrides };
    }),
  );
}

import { FIELDS, FIELD_NAMES, isFieldName, type Config, type Field, type FieldName } from './fields.ts';
import { UserError } from '../lib/errors.ts';
import { quotedName } from './fieldText.ts';
import { parseNumber, separatorProblem } from './numberText.ts';
import { isSlotsBy, parseSlotsBy, SLOTS_BY, SLOTS_BY_STOPS, type SlotsByName } from './slotsBy.ts';
import { checkConfig, checkValue, unknownSetting } from './validate.ts';

export type SettingValue = Config[FieldName];

/** A setting as a person names it: one field, or the knob that sets several. */
export type GivenSetting =
  | { readonly name: FieldName; readonly value: SettingValue; readonly settings: Partial<Config> }
  | { readonly name: typeof SLOTS_BY; readonly value: SlotsByName; readonly settings: Partial<Config> };

/** Published flags in camel case: `--num-prototypes` as numPrototypes. */
const FLAGS: ReadonlyMap<string, FieldName> = new Map(
  FIELD_NAMES.flatMap((name) => {
    const { reference }: Field = FIELDS[name];
    const camel = reference?.replace(/^--/, '').replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
    return camel === undefined || isFieldName(camel) ? [] : [[camel, name] as const];
  }),
);

/**
 * Parses one setting from `--set name=text` or the form; the published flag in camel case is an alias of its name. Throws
 * `config/unknown` with the nearest known name, `config/type` for text of the wrong kind, `config/range` with the allowed
 * range.
 */
export function parseSetting(given: string, text: string): { name: FieldName; value: SettingValue } {
  const name = isFieldName(given) ? given : FLAGS.get(given);
  if (name === undefined) throw unknownSetting(given);
  const value = valueOf(name, text.trim());
  checkValue(name, value === undefined ? text : value);
  return { name, value: value as SettingValue };
}

/** Parses `name=text` of a field or of the knob *Slots by*. Throws as `parseSetting` does. */
export function parseGiven(given: string, text: string): GivenSetting {
  if (isSlotsBy(given)) {
    const value = parseSlotsBy(text.trim());
    return { name: SLOTS_BY, value, settings: SLOTS_BY_STOPS[value].config };
  }
  const { name, value } = parseSetting(given, text);
  return { name, value, settings: { [name]: value } };
}

/** Returns `base` with `overrides`. Throws as `checkConfig` does. */
export function makeConfig(base: Config, overrides: Partial<Config>): Config {
  const config = { ...base, ...overrides };
  checkConfig(config);
  return config;
}

/** Returns the text as the field's type, undefined if it isn't one. Decimal commas are taken; throws for thousands separators. */
function valueOf(name: FieldName, text: string): SettingValue | undefined {
  const field: Field = FIELDS[name];
  switch (field.type) {
    case 'choice':
      return text as SettingValue;
    case 'boolean':
      return text === 'true' ? true : text === 'false' ? false : undefined;
    default: {
      const problem = separatorProblem(text, field.type === 'integer');
      if (problem !== undefined) throw new UserError('config/type', `${quotedName(name)} is "${text}", ${problem}`);
      return parseNumber(text);
    }
  }
}

import { FIELDS, FIELD_NAMES, isFieldName, type Config, type Field, type FieldName } from './fields.ts';
import { checkConfig, checkValue, unknownSetting } from './validate.ts';

export type SettingValue = Config[FieldName];

/** The published flags, as one would write them here: `--num-prototypes` as numPrototypes. */
const FLAGS: ReadonlyMap<string, FieldName> = new Map(
  FIELD_NAMES.flatMap((name) => {
    const { reference }: Field = FIELDS[name];
    const camel = reference?.replace(/^--/, '').replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
    return camel === undefined || isFieldName(camel) ? [] : [[camel, name] as const];
  }),
);

/**
 * One setting from text, as `--set name=text` and the form give it. The published flag
 * in camel case names it too. Throws `config/unknown` with the nearest known name,
 * `config/type` for text of the wrong kind, `config/range` with the allowed range.
 */
export function parseSetting(given: string, text: string): { name: FieldName; value: SettingValue } {
  const name = isFieldName(given) ? given : FLAGS.get(given);
  if (name === undefined) throw unknownSetting(given);
  const value = valueOf(FIELDS[name], text.trim());
  checkValue(name, value === undefined ? text : value);
  return { name, value: value as SettingValue };
}

/** `base` with `overrides`, checked as `checkConfig` does. */
export function makeConfig(base: Config, overrides: Partial<Config>): Config {
  const config = { ...base, ...overrides };
  checkConfig(config);
  return config;
}

/** The text as the field's kind of value, or nothing. */
function valueOf(field: Field, text: string): SettingValue | undefined {
  switch (field.type) {
    case 'choice':
      return text as SettingValue;
    case 'boolean':
      return text === 'true' ? true : text === 'false' ? false : undefined;
    default:
      return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : undefined;
  }
}

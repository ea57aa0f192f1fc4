import { UserError } from '../lib/errors.ts';
import { FIELDS, FIELD_NAMES, isFieldName, type Config, type Field } from './fields.ts';
import { checkConfig } from './validate.ts';

/** The settings as checkpoint metadata; `configFromText` is the inverse. */
export function configToText(config: Config): Record<string, string> {
  return { config: JSON.stringify(config) };
}

/**
 * Reads the settings of a checkpoint. Throws `checkpoint/config`, naming the field, unless the metadata hold exactly one
 * valid value for every field. Missing ones get their default if they don't affect a run (display), or if it is what earlier
 * versions did.
 */
export function configFromText(metadata: Readonly<Record<string, string | undefined>>): Config {
  const bad = (problem: string): UserError =>
    new UserError(
      'checkpoint/config',
      `The checkpoint's settings can't be used: ${problem}. It was saved by another version or is damaged.`,
    );
  let config: unknown;
  try {
    config = JSON.parse(metadata.config ?? '');
  } catch {
    throw bad(metadata.config === undefined ? 'it holds none ("config" is missing)' : '"config" is not valid JSON');
  }
  if (typeof config !== 'object' || config === null || Array.isArray(config)) throw bad('"config" is not an object');
  for (const name of Object.keys(config)) if (!isFieldName(name)) throw bad(`there is no setting "${name}"`);
  const complete: Record<string, unknown> = { ...config };
  for (const name of FIELD_NAMES) {
    if (Object.hasOwn(config, name)) continue;
    const { group, addedLater }: Field = FIELDS[name];
    if (group !== 'display' && addedLater !== true) throw bad(`"${name}" is missing`);
    complete[name] = FIELDS[name].default;
  }
  try {
    checkConfig(complete as Config);
  } catch (error) {
    throw error instanceof UserError ? bad(error.message.replace(/\.$/, '')) : error;
  }
  return complete as Config;
}

import { FIELDS, FIELD_NAMES, type Config } from './fields.ts';

/** Every field at its default: the published COCO run. */
export const DEFAULT_CONFIG = Object.fromEntries(FIELD_NAMES.map((name) => [name, FIELDS[name].default])) as Config;

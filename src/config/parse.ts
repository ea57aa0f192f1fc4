import { UserError } from '../lib/errors.ts';
import { nearestName } from '../lib/nearestName.ts';
import { featureCells } from './cost.ts';
import { FIELDS, FIELD_NAMES, type Config, type Field, type FieldName } from './fields.ts';

export type SettingValue = Config[FieldName];

/** Every field at its default: the published COCO run. */
export const DEFAULT_CONFIG = Object.fromEntries(FIELD_NAMES.map((name) => [name, FIELDS[name].default])) as Config;

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

/** Throws a UserError `config/…` unless every field is valid and they fit each other. */
export function checkConfig(config: Config): void {
  for (const name of FIELD_NAMES) checkValue(name, config[name]);
  for (const name of Object.keys(config)) if (!isFieldName(name)) throw unknownSetting(name);
  const { outputStride, width, blurSigmaMin, blurSigmaMax, steps, epochs, warmupEpochs } = config;
  if (blurSigmaMin > blurSigmaMax) {
    throw conflict(
      `${named('blurSigmaMin')} ${blurSigmaMin} is more than ${named('blurSigmaMax')} ${blurSigmaMax}. Swap them.`,
    );
  }
  if (![4, 8, 16, 32].includes(outputStride)) {
    throw new UserError('config/range', `${named('outputStride')} is ${outputStride}, but must be 4, 8, 16 or 32.`);
  }
  if (!Number.isInteger(width * 64)) {
    throw conflict(
      `${named('width')} ${width} gives ${width * 64} base channels. Take a multiple of 1/64, such as ${Math.max(1, Math.round(width * 64)) / 64}.`,
    );
  }
  const cells = featureCells(config, config.cropSize);
  if (cells < 2) {
    throw conflict(
      `${named('cropSize')} ${config.cropSize} leaves a feature map of ${cells}×${cells} cells, and at least 2×2 are needed. Raise it above ${outputStride} or lower ${named('outputStride')}.`,
    );
  }
  if (steps === 0 && warmupEpochs >= epochs) {
    throw conflict(
      `${named('warmupEpochs')} ${warmupEpochs} leaves nothing of ${named('epochs')} ${epochs}. Lower the warmup.`,
    );
  }
}

/**
 * How far the projector's outputs stand above the steps of its last bias, which LARS leaves unscaled: an estimate of
 * the initial output norm over the root of the 1-D learning rate factor. In some 280 runs every one below 0.9 collapsed
 * to a single direction and almost none from 2.9 up; the published head has 11.
 */
export function collapseMargin(config: Pick<Config, 'headInitStd' | 'hiddenDim' | 'outDim' | 'lrFactor1d'>): number {
  const { headInitStd, hiddenDim, outDim, lrFactor1d } = config;
  return (0.555 * headInitStd * Math.sqrt(hiddenDim * outDim)) / Math.sqrt(lrFactor1d);
}

const SAFE_MARGIN = 2;

/** What a person should know before starting with valid but risky settings: one sentence or two each. */
export function configWarnings(config: Config): string[] {
  const warnings: string[] = [];
  const margin = collapseMargin(config);
  if (config.optimizer === 'lars' && margin < SAFE_MARGIN) {
    const least = (config.headInitStd * SAFE_MARGIN) / margin;
    const remedy = Math.ceil(Math.max(1.28 / Math.sqrt(config.hiddenDim), least) * 1000) / 1000;
    const risk = margin < 0.9 ? 'will almost surely' : 'may';
    const cure =
      remedy <= FIELDS.headInitStd.max ? `Set ${named('headInitStd')} to ${remedy}` : `Raise ${named('hiddenDim')}`;
    warnings.push(
      `All features ${risk} collapse to one direction early on: the collapse margin is ${margin.toFixed(2)} and should be at least ${SAFE_MARGIN}. ${cure} or lower ${named('lrFactor1d')}.`,
    );
  }
  if (config.teacherMomentum < 0.9) {
    warnings.push(
      `${named('teacherMomentum')} ${config.teacherMomentum} lets the teacher follow the student so fast that both may collapse. Keep it at 0.9 or above.`,
    );
  }
  return warnings;
}

/** Lengths of a run, in steps. */
export interface Schedule {
  readonly totalSteps: number;
  readonly warmupSteps: number;
  /** Steps over which the teacher's momentum rises to 1. */
  readonly momentumSteps: number;
  readonly peakLearningRate: number;
}

/** The schedule for a data set of `imageCount` images; incomplete batches are left out. */
export function resolveSchedule(config: Config, imageCount: number): Schedule {
  const { steps, warmupSteps, epochs, warmupEpochs, batchSize, baseLearningRate, scaleLearningRate } = config;
  const peakLearningRate = baseLearningRate * (scaleLearningRate ? batchSize / 256 : 1);
  if (steps > 0) {
    // A run cut short must still reach its rate and come down again: the warmup takes half of it at most.
    const warmup = Math.min(warmupSteps, Math.floor(steps / 2));
    return { totalSteps: steps, warmupSteps: warmup, momentumSteps: steps, peakLearningRate };
  }
  const stepsPerEpoch = Math.floor(imageCount / batchSize);
  if (stepsPerEpoch === 0) {
    throw new UserError(
      'dataset/too-small',
      `There are ${imageCount} images, but one batch needs ${batchSize}. Add images or lower ${named('batchSize')}.`,
    );
  }
  const totalSteps = Math.floor(stepsPerEpoch * epochs);
  return {
    totalSteps,
    warmupSteps: Math.min(Math.floor(warmupEpochs * stepsPerEpoch), totalSteps - 1),
    // The published code counts these from the fractional number of batches: 184,823 against 184,800 steps on COCO.
    momentumSteps: Math.floor((imageCount / batchSize) * epochs),
    peakLearningRate,
  };
}

/** The settings as checkpoint metadata; `configFromText` is the inverse. */
export function configToText(config: Config): Record<string, string> {
  return { config: JSON.stringify(config) };
}

/**
 * Throws `checkpoint/config`, naming the field, unless the metadata hold exactly one valid value for every field. How a
 * run is displayed changes nothing of it: where a file from before such a setting lacks it, its default stands.
 */
export function configFromText(metadata: Readonly<Record<string, string>>): Config {
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
    if (FIELDS[name].group !== 'display') throw bad(`"${name}" is missing`);
    complete[name] = FIELDS[name].default;
  }
  try {
    checkConfig(complete as Config);
  } catch (error) {
    throw error instanceof UserError ? bad(error.message.replace(/\.$/, '')) : error;
  }
  return complete as Config;
}

/** The allowed values in words: `1 to 4096 (images)`, `lars or sgd`, `true or false`. */
export function allowedValues(field: Field): string {
  if (field.type === 'boolean') return 'true or false';
  if (field.type === 'choice') return field.choices.join(', ').replace(/, ([^,]*)$/, ' or $1');
  return `${shortNumber(field.min)} to ${shortNumber(field.max)}${field.unit ? ` (${field.unit})` : ''}`;
}

/** At most five significant digits; a range needs no more. */
const shortNumber = (value: number): string => String(Number.isInteger(value) ? value : Number(value.toPrecision(5)));

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

function checkValue(name: FieldName, value: unknown): void {
  const field: Field = FIELDS[name];
  const fail = (code: string, expected: string): never => {
    throw new UserError(`config/${code}`, `${named(name)} is ${JSON.stringify(value)}, but must be ${expected}.`);
  };
  if (field.type === 'boolean') return typeof value === 'boolean' ? undefined : fail('type', allowedValues(field));
  if (field.type === 'choice') {
    if (typeof value !== 'string') return fail('type', allowedValues(field));
    return field.choices.includes(value) ? undefined : fail('range', allowedValues(field));
  }
  const whole = field.type === 'integer';
  if (
    typeof value !== 'number' ||
    Number.isNaN(value) ||
    (whole && Number.isFinite(value) && !Number.isInteger(value))
  ) {
    return fail('type', `a ${whole ? 'whole ' : ''}number from ${allowedValues(field)}`);
  }
  if (value < field.min || value > field.max)
    fail('range', `${whole ? 'a whole number from ' : ''}${allowedValues(field)}`);
}

/** A setting as both the form and the command line know it. */
const named = (name: FieldName): string => `"${FIELDS[name].label}" (${name})`;
const conflict = (message: string): UserError => new UserError('config/conflict', message);

function isFieldName(name: string): name is FieldName {
  return Object.hasOwn(FIELDS, name);
}

/** People may know a setting by the published flag or by its label. */
function unknownSetting(name: string): UserError {
  const aliases = new Map<string, FieldName>();
  for (const field of FIELD_NAMES) {
    const { label, reference }: Field = FIELDS[field];
    for (const alias of [field, label, reference?.replace(/^--/, '')]) if (alias) aliases.set(alias, field);
  }
  const alike = nearestName(name.replace(/^--/, ''), aliases.keys());
  const field = alike === undefined ? undefined : aliases.get(alike)!;
  const remedy = field
    ? `Did you mean "${field}"? It takes ${allowedValues(FIELDS[field])}.`
    : 'Known are: ' + FIELD_NAMES.join(', ');
  return new UserError('config/unknown', `There is no setting "${name}". ${remedy}`);
}

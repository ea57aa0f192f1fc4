import { UserError } from '../lib/errors.ts';
import { nearestName } from '../lib/nearestName.ts';
import { createEncoder } from '../nn/encoders/encoders.ts';
import { allowedValues, quotedName } from './fieldText.ts';
import { FIELDS, FIELD_NAMES, isFieldName, type Config, type Field, type FieldName } from './fields.ts';

/** Throws a UserError `config/…` unless every field is valid and they are consistent. */
export function checkConfig(config: Config): void {
  for (const name of FIELD_NAMES) checkValue(name, config[name]);
  for (const name of Object.keys(config)) if (!isFieldName(name)) throw unknownSetting(name);
  const { outputStride, width, blurSigmaMin, blurSigmaMax, steps, epochs, warmupEpochs } = config;
  if (blurSigmaMin > blurSigmaMax) {
    throw conflict(
      `${quotedName('blurSigmaMin')} ${blurSigmaMin} is more than ${quotedName('blurSigmaMax')} ${blurSigmaMax}. Swap them.`,
    );
  }
  if (![4, 8, 16, 32].includes(outputStride)) {
    throw new UserError(
      'config/range',
      `${quotedName('outputStride')} is ${outputStride}, but must be 4, 8, 16 or 32.`,
    );
  }
  if (!Number.isInteger(width * 64)) {
    throw conflict(
      `${quotedName('width')} ${width} gives ${width * 64} base channels. Take a multiple of 1/64, such as ${Math.max(1, Math.round(width * 64)) / 64}.`,
    );
  }
  const [cells] = createEncoder(config).outputSize(config.cropSize, config.cropSize);
  if (cells < 2) {
    throw conflict(
      `${quotedName('cropSize')} ${config.cropSize} leaves a feature map of ${cells}×${cells} cells, and at least 2×2 are needed. Raise it above ${outputStride} or lower ${quotedName('outputStride')}.`,
    );
  }
  if (steps === 0 && warmupEpochs >= epochs) {
    throw conflict(
      `${quotedName('warmupEpochs')} ${warmupEpochs} leaves nothing of ${quotedName('epochs')} ${epochs}. Lower the warmup.`,
    );
  }
}

const conflict = (message: string): UserError => new UserError('config/conflict', message);

/** Throws `config/type` or `config/range` unless `value` is allowed for the field. */
export function checkValue(name: FieldName, value: unknown): void {
  const field: Field = FIELDS[name];
  const fail = (code: 'type' | 'range', expected: string): never => {
    throw new UserError(`config/${code}`, `${quotedName(name)} is ${JSON.stringify(value)}, but must be ${expected}.`);
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

/** Error for an unknown setting; suggests the one whose name, label or published flag is nearest. */
export function unknownSetting(name: string): UserError {
  const aliases = new Map<string, FieldName>();
  for (const field of FIELD_NAMES) {
    const { label, reference }: Field = FIELDS[field];
    for (const alias of [field, label, reference?.replace(/^--/, '')]) if (alias) aliases.set(alias, field);
  }
  const alike = nearestName(name.replace(/^--/, ''), aliases.keys());
  const field = alike === undefined ? undefined : aliases.get(alike);
  const remedy = field
    ? `Did you mean "${field}"? It takes ${allowedValues(FIELDS[field])}.`
    : 'Known are: ' + FIELD_NAMES.join(', ');
  return new UserError('config/unknown', `There is no setting "${name}". ${remedy}`);
}

import { FIELDS, type Field, type FieldName } from './fields.ts';

/** Name of a setting in messages: its label and its identifier for `--set`, `"Batch size" (batchSize)`. */
export const quotedName = (name: FieldName): string => `"${FIELDS[name].label}" (${name})`;

/** Allowed values as text: `1 to 4096 (images)`, `lars or sgd`, `true or false`. */
export function allowedValues(field: Field): string {
  if (field.type === 'boolean') return 'true or false';
  if (field.type === 'choice') return field.choices.join(', ').replace(/, ([^,]*)$/, ' or $1');
  return `${shortNumber(field.min)} to ${shortNumber(field.max)}${field.unit ? ` (${field.unit})` : ''}`;
}

/** Rounds to five significant digits, enough for a range. */
const shortNumber = (value: number): string => String(Number.isInteger(value) ? value : Number(value.toPrecision(5)));

import { FIELDS, type Field, type FieldName } from './fields.ts';

/** A setting by the name that the form shows and the one that `--set` takes: `"Batch size" (batchSize)`. */
export const quotedName = (name: FieldName): string => `"${FIELDS[name].label}" (${name})`;

/** The allowed values in words: `1 to 4096 (images)`, `lars or sgd`, `true or false`. */
export function allowedValues(field: Field): string {
  if (field.type === 'boolean') return 'true or false';
  if (field.type === 'choice') return field.choices.join(', ').replace(/, ([^,]*)$/, ' or $1');
  return `${shortNumber(field.min)} to ${shortNumber(field.max)}${field.unit ? ` (${field.unit})` : ''}`;
}

/** At most five significant digits; a range needs no more. */
const shortNumber = (value: number): string => String(Number.isInteger(value) ? value : Number(value.toPrecision(5)));

import { parseNumber } from '../config/numberText.ts';
import { DEFAULT_MASK_OPTIONS, MASK_FORMS, OBJECTS, type MaskOptions } from '../domain/maskForms.ts';
import { oneOf, UsageError } from './command.ts';

/** Options of `npm run export` for masks, as `parseOptions` takes them. */
export const MASK_FLAGS = {
  'masks-as': { type: 'string' },
  'masks-per': { type: 'string' },
  'masks-min-region': { type: 'string' },
  edges: { type: 'string' },
} as const;

const IDS = MASK_FORMS.map(({ id }) => id);
const { forms, per, minRegion, edges } = DEFAULT_MASK_OPTIONS;

export const MASKS_USAGE = `  --masks-as FORM[,FORM…]    what --to masks writes into its zip (default ${forms.join(',')}):
${MASK_FORMS.map(({ id, purpose }) => `    ${id.padEnd(15)} ${purpose}`).join('\n')}
  --masks-per ${OBJECTS.join('|')}   an annotation per class and image, or per connected region (default ${per})
  --masks-min-region PERCENT with --masks-per region: smaller ones, in percent of the image, are left out (default ${100 * minRegion})
  --edges on|off             whether borders follow the edges of the photographs (default ${edges ? 'on' : 'off'})`;

/** Throws a UsageError for what isn't understood. */
export function parseMaskOptions(values: { readonly [Flag in keyof typeof MASK_FLAGS]?: string }): MaskOptions {
  const { 'masks-as': as, 'masks-per': objects = per, 'masks-min-region': percent, edges: follow } = values;
  return {
    forms: as === undefined ? forms : [...new Set(as.split(',').map((id) => oneOf('--masks-as', id.trim(), IDS)))],
    per: oneOf('--masks-per', objects, OBJECTS),
    minRegion: percent === undefined ? minRegion : parsePercent(percent) / 100,
    edges: follow === undefined ? edges : oneOf('--edges', follow, ['on', 'off']) === 'on',
  };
}

function parsePercent(text: string): number {
  const percent = parseNumber(text.trim().replace(/%$/, ''));
  if (percent !== undefined && percent >= 0 && percent <= 100) return percent;
  throw new UsageError(`--masks-min-region is "${text}"; it takes a percentage from 0 to 100, such as 0.1.`);
}

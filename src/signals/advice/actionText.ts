import { FIELDS, type FieldName } from '../../config/fields.ts';
import { SLOTS_BY_LABEL, SLOTS_BY_STOPS } from '../../config/slotsBy.ts';
import type { AdviceAction } from './advice.ts';

/** Label of the button that does it. */
export function actionLabel(action: AdviceAction): string {
  switch (action.kind) {
    case 'recipe':
      return `Set ${SLOTS_BY_LABEL}: ${SLOTS_BY_STOPS[action.recipe].label}`;
    case 'settings':
      return `Set ${entriesOf(action.settings)
        .map(([name, value]) => `${FIELDS[name].label} ${value}`)
        .join(', ')}`;
    case 'explore':
      return 'Explore';
    case 'images':
      return 'Choose more images';
    case 'longer':
      return 'Train longer';
  }
}

/** Options of `npm run train` that do it; undefined where a person has to choose. `run` is the folder of the run. */
export function actionOptions(action: AdviceAction, run: string): string | undefined {
  switch (action.kind) {
    case 'recipe':
      return `--set slots-by=${action.recipe}`;
    case 'settings':
      return entriesOf(action.settings)
        .map(([name, value]) => `--set ${name}=${value}`)
        .join(' ');
    case 'explore':
      return '--explore';
    case 'images':
      return undefined;
    case 'longer':
      return `--resume ${run}/checkpoint.safetensors --anew`;
  }
}

const entriesOf = (settings: object): [FieldName, string][] =>
  Object.entries(settings).map(([name, value]) => [name as FieldName, String(value)]);

import { UserError } from '../lib/errors.ts';
import { nearestName } from '../lib/nearestName.ts';
import type { Config } from './fields.ts';

/** Name of the knob among settings, as in `--set slots-by=things`. */
export const SLOTS_BY = 'slotsBy';
const NAMES: readonly string[] = [SLOTS_BY, 'slots-by'];
export const SLOTS_BY_LABEL = 'Slots by';

/** What the knob sets together: how much a view's colors may change, and how sharp the teacher is. */
const KNOB_FIELDS = [
  'jitterProbability',
  'jitterBrightness',
  'jitterContrast',
  'jitterSaturation',
  'jitterHue',
  'grayProbability',
  'teacherTemp',
] as const;
type KnobSettings = Pick<Config, (typeof KNOB_FIELDS)[number]>;

export interface SlotsByStop {
  readonly label: string;
  /** One line: what a run with it does. */
  readonly description: string;
  /** What decides about slots, and what doesn't, in a few words each. */
  readonly splitsBy: string;
  readonly keepsTogether: string;
  readonly config: KnobSettings;
}

const MILD = { jitterProbability: 0.8, jitterBrightness: 0.4, jitterContrast: 0.4, jitterSaturation: 0.2, jitterHue: 0.1, grayProbability: 0.1, teacherTemp: 0.05 }; // oxfmt-ignore
const STRONG = { ...MILD, jitterBrightness: 0.8, jitterContrast: 0.8, jitterSaturation: 0.4, jitterHue: 0.2 };

/**
 * From "color and light" to "things, whatever the light". Measured as NMI with labels at the size of `quick`: street
 * scenes .36, .39, .43, .42 to .45; varied photographs .20, .16, .11, .08.
 */
export const SLOTS_BY_STOPS = {
  color: {
    label: 'Color and light',
    description: 'Slots keep apart what has another color or another light. Best where colors tell things apart.',
    splitsBy: 'color, light and shade',
    keepsTogether: 'what has the same color',
    config: { ...MILD, jitterProbability: 0 },
  },
  both: {
    label: 'A bit of both',
    description: 'Small changes of color and light are ignored, large ones tell slots apart.',
    splitsBy: 'clear differences of color',
    keepsTogether: 'small differences of light',
    config: MILD,
  },
  shade: {
    label: 'Mostly things',
    description: 'Slots join light and shade; strong colors still count.',
    splitsBy: 'structure and strong colors',
    keepsTogether: 'light and shade',
    config: STRONG,
  },
  things: {
    label: 'Things, whatever the light',
    description:
      'Slots join what belongs together, such as a road in sun and shadow. Best where images are of one kind.',
    splitsBy: 'structure',
    keepsTogether: 'light, shade and most colors',
    config: { ...STRONG, teacherTemp: 0.07 },
  },
} as const satisfies Record<string, SlotsByStop>;

export type SlotsByName = keyof typeof SLOTS_BY_STOPS;

export const SLOTS_BY_NAMES = Object.keys(SLOTS_BY_STOPS) as SlotsByName[];

/** The stop whose values the settings have; `custom` if none. */
export function slotsByOf(config: KnobSettings): SlotsByName | 'custom' {
  const isAt = (name: SlotsByName): boolean =>
    KNOB_FIELDS.every((field) => SLOTS_BY_STOPS[name].config[field] === config[field]);
  return SLOTS_BY_NAMES.find(isAt) ?? 'custom';
}

export function isSlotsBy(name: string): boolean {
  return NAMES.includes(name);
}

/** Throws `config/range` for a stop that there isn't. */
export function parseSlotsBy(text: string): SlotsByName {
  const stop = SLOTS_BY_NAMES.find((name) => name === text);
  if (stop !== undefined) return stop;
  const alike = nearestName(text, SLOTS_BY_NAMES);
  throw new UserError(
    'config/range',
    `"${SLOTS_BY_LABEL}" (slots-by) is "${text}", but must be ${SLOTS_BY_NAMES.join(', ')}.${alike === undefined ? '' : ` Did you mean "${alike}"?`}`,
  );
}

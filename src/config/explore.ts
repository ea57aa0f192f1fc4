import { stepGflop } from './cost.ts';
import type { Config } from './fields.ts';
import { makeConfig, parseGiven } from './parse.ts';
import { SLOTS_BY, SLOTS_BY_NAMES, SLOTS_BY_STOPS, type SlotsByName } from './slotsBy.ts';
import { sweepPoints, type SweepAxis, type SweepPoint } from './sweep/sweep.ts';

/** An exploration is a sweep over the stops of *Slots by*, two seeds each: stability takes two. */
export const EXPLORE_SEEDS = 2;
export const EXPLORE_AXIS: SweepAxis = { name: SLOTS_BY, values: SLOTS_BY_NAMES };
/** Number of images that runs are compared on, and of those shown. */
export const [EXPLORED_IMAGES, SHOWN_IMAGES] = [24, 6];
const [RUN_SECONDS, MIN_STEPS] = [120, 100];

/** As many steps as fit two minutes at this speed, at least 100 and at most those of the settings. */
export function exploreSteps(config: Config, gflopPerSecond: number): number {
  const fitting = Math.floor((RUN_SECONDS * gflopPerSecond) / stepGflop(config));
  const wanted = config.steps > 0 ? config.steps : Infinity;
  return Math.max(MIN_STEPS, Math.min(fitting, wanted));
}

/** Settings of all runs of an exploration; each adds those of its stop and its seed. */
export function exploreConfig(base: Config, steps: number): Config {
  return makeConfig(base, {
    steps,
    watchedImages: EXPLORED_IMAGES,
    // Overlays and checkpoint are wanted of its end.
    displayEverySteps: steps,
    autosaveEverySteps: steps,
  });
}

export function explorePoints(config: Config): SweepPoint[] {
  return sweepPoints([EXPLORE_AXIS], EXPLORE_SEEDS, config);
}

/** The stop that a run of an exploration tries. */
export function recipeOf({ values }: SweepPoint): SlotsByName {
  const given = parseGiven(SLOTS_BY, String(values[0]));
  if (given.name !== SLOTS_BY) throw new Error(`"${given.name}" is no recipe`);
  return given.value;
}

/** "stability .48 · 9 slots in use · splits by: …", for sheets. */
export function recipeLine(
  recipe: SlotsByName,
  { stability, slotsInUse }: { readonly stability: number | undefined; readonly slotsInUse: number | undefined },
): string {
  const { label, splitsBy, keepsTogether } = SLOTS_BY_STOPS[recipe];
  const slots = slotsInUse === undefined ? '–' : Number(slotsInUse.toFixed(1));
  return [
    label,
    `stability ${stability === undefined ? '–' : stability.toFixed(2)}`,
    `${slots} ${slots === 1 ? 'slot' : 'slots'} in use`,
    `splits by: ${splitsBy}`,
    `keeps together: ${keepsTogether}`,
  ].join(' · ');
}

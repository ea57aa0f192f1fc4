import type { Config } from '../../config/fields.ts';
import { SLOTS_BY_STOPS, slotsByOf, type SlotsByName } from '../../config/slotsBy.ts';
import type { Health, HealthMeasures, Verdict } from '../../domain/reports.ts';
import { COLOR_EXPLAINS, DIP_ENDS_AT_STEP } from '../../domain/thresholds.ts';
import type { StepRecord } from '../metrics.ts';
import { lastThird, type Drawing, type LossCurve } from './lastThird.ts';

/** What to do after a run: a sentence with what was measured, and the action that belongs to it. */
export interface Advice {
  readonly level: Verdict['level'];
  readonly text: string;
  readonly action?: AdviceAction;
}

export type AdviceAction =
  /** Set the knob *Slots by*. */
  | { readonly kind: 'recipe'; readonly recipe: SlotsByName }
  | { readonly kind: 'settings'; readonly settings: Partial<Config> }
  /** Short runs of every recipe, or their contact sheet where there is one. */
  | { readonly kind: 'explore' }
  /** Choose a folder with more images. */
  | { readonly kind: 'images' }
  /** A new run from these weights, with a fresh schedule. */
  | { readonly kind: 'longer' };

/** What a run has measured. */
export interface RunFacts {
  readonly config: Config;
  /** Every step of the schedule is done. */
  readonly finished: boolean;
  readonly startStep: number;
  readonly record: StepRecord;
  readonly verdict: Verdict;
  /** Of the last drawing. */
  readonly health: Health | undefined;
  readonly loss: LossCurve;
  readonly drawings: readonly Drawing[];
  readonly images: { readonly count: number; readonly different: number };
  /** Recipes that were explored on the same images. */
  readonly explored: readonly ExploredRecipe[];
}

export interface ExploredRecipe {
  readonly recipe: SlotsByName;
  readonly stability: number | undefined;
}

/** Fewer different images are few, as the notes on a folder say. */
const FEW_IMAGES = 100;
const VERY_FEW_IMAGES = 30;
/**
 * Two seeds that agree less than this have little in common. Where stability was below, slots agreed with labels less than
 * clusters of color did, on varied photographs; recipes at .31 to .43 agreed more.
 */
const STABLE = 0.3;
/** By this much more stable recipes had the higher agreement with labels on each of three sets of images. */
const MORE_STABLE = 0.05;
/** As many prototypes in use as a healthy run has at least; see `trainer/health.ts`. */
const IN_USE = 5;

const LEVELS: readonly Verdict['level'][] = ['alarm', 'warning', 'info', 'good'];

/** What to do after a run, from its own measurements, the gravest first. */
export function adviseAfterRun(facts: RunFacts): readonly Advice[] {
  const urgent = [alarmAdvice(facts), ...recipeAdvice(facts)].filter((advice) => advice !== undefined);
  const weak = urgent.length > 0 || facts.verdict.level !== 'good';
  return [
    ...urgent,
    varietyAdvice(facts, weak),
    unclearAdvice(facts),
    weak ? exploreAdvice(facts) : undefined,
    usageAdvice(facts),
    longerAdvice(facts),
  ]
    .filter((advice) => advice !== undefined)
    .toSorted((a, b) => LEVELS.indexOf(a.level) - LEVELS.indexOf(b.level));
}

/** A collapse, or the worst line of the health list. */
function alarmAdvice({ verdict, health, config }: RunFacts): Advice | undefined {
  if (verdict.level === 'alarm') {
    const action = verdict.remedy === 'temperature' ? coolerTeacher(config) : calmerHeads(config);
    return { level: 'alarm', text: `${sentence(verdict.title)}. ${verdict.detail}`, action };
  }
  // Color has a sentence of its own.
  const lines = (health?.lines ?? []).filter(({ name }) => name !== 'colorAgreement');
  const worst = lines.find(({ level }) => level === 'alarm') ?? lines.find(({ level }) => level === 'warning');
  if (!worst) return undefined;
  const action = REMEDIES[worst.name]?.(config);
  return { level: worst.level, text: `${worst.label} ${worst.value}: ${worst.text}`, ...(action && { action }) };
}

/** Raises the collapse margin of `config/warnings.ts`: by both settings as far as is usual, then by the second further. */
function calmerHeads({ hiddenDim, headInitStd, lrFactor1d }: Config): AdviceAction {
  const wide = Math.min(1, Math.ceil(1280 / Math.sqrt(hiddenDim)) / 1000);
  const usual = { ...(headInitStd < wide && { headInitStd: wide }), ...(lrFactor1d > 0.1 && { lrFactor1d: 0.1 }) };
  const isUsual = Object.keys(usual).length === 0;
  return { kind: 'settings', settings: isUsual ? { lrFactor1d: Number((lrFactor1d / 10).toPrecision(2)) } : usual };
}

function coolerTeacher({ teacherTemp }: Config): AdviceAction {
  const cooler = Math.max(0.001, Number((0.7 * teacherTemp).toPrecision(2)));
  return { kind: 'settings', settings: { teacherTemp: cooler } };
}

function slowerStudent({ baseLearningRate }: Config): AdviceAction {
  return { kind: 'settings', settings: { baseLearningRate: Math.max(1e-6, baseLearningRate / 2) } };
}

/** What the lines of the health list recommend, in the same order as there. */
const REMEDIES: Readonly<Partial<Record<keyof HealthMeasures, (config: Config) => AdviceAction>>> = {
  usageEntropy: calmerHeads,
  activeSlots: calmerHeads,
  maxAssignment: coolerTeacher,
  agreement: slowerStudent,
  featureStd: calmerHeads,
  effectiveRank: calmerHeads,
};

/** Whether the recipe suits these images: another that was more stable, two seeds that disagree, slots of color alone. */
function recipeAdvice({ config, explored, health }: RunFacts): (Advice | undefined)[] {
  const recipe = slotsByOf(config);
  const stabilityOf = (name: string): number | undefined => explored.find((row) => row.recipe === name)?.stability;
  const own = stabilityOf(recipe);
  const known = explored.filter((row) => row.stability !== undefined);
  const [best] = known.toSorted((a, b) => (b.stability ?? 0) - (a.stability ?? 0));
  const isBeaten = own !== undefined && (best.stability ?? 0) >= own + MORE_STABLE;
  const things = stabilityOf('things');
  const isWorse = own !== undefined && things !== undefined && things <= own - MORE_STABLE;
  return [
    isBeaten ? betterRecipe(best, own) : undefined,
    stabilityAdvice(isBeaten ? best.stability : own, config.prototypes),
    isBeaten || isWorse || recipe === 'things'
      ? undefined
      : colorAdvice(health?.measures.colorAgreement, recipe === 'color'),
  ];
}

function betterRecipe({ recipe, stability = 0 }: ExploredRecipe, own: number): Advice {
  const { label } = SLOTS_BY_STOPS[recipe];
  const text = `Two seeds agree more by another recipe: “${label}” ${fraction(stability)}, this one ${fraction(own)}.`;
  return { level: 'warning', text, action: { kind: 'recipe', recipe } };
}

/** What to do where two seeds agree little. */
export function stabilityAdvice(stability: number | undefined, prototypes: number): Advice | undefined {
  if (stability === undefined || stability >= STABLE) return undefined;
  const fewer = Math.max(IN_USE, Math.floor(prototypes / 2));
  const isFewest = prototypes <= IN_USE;
  return {
    level: 'warning',
    text: `Two seeds agree little (${fraction(stability)} of 1): more images, or fewer prototypes.`,
    action: isFewest ? { kind: 'images' } : { kind: 'settings', settings: { prototypes: fewer } },
  };
}

/** To follow color is no fault where it was asked for. */
function colorAdvice(agreement = 0, isWanted: boolean): Advice | undefined {
  if (agreement < COLOR_EXPLAINS) return undefined;
  const { label } = SLOTS_BY_STOPS.things;
  const text = `Slots follow color (${fraction(agreement)} of 1): to join what lies in sun and in shade, try “${label}”.`;
  return { level: isWanted ? 'info' : 'warning', text, action: { kind: 'recipe', recipe: 'things' } };
}

function varietyAdvice({ images: { count, different } }: RunFacts, weak: boolean): Advice | undefined {
  if (different >= (weak ? FEW_IMAGES : VERY_FEW_IMAGES)) return undefined;
  const which = different < count ? `${different} different images among ${count}` : `${different} images`;
  const text = `Only ${which}: slots need variety, a hundred images or more are better.`;
  return { level: 'warning', text, action: { kind: 'images' } };
}

/** Why slots aren't clear. */
function unclearAdvice({ verdict, record, finished }: RunFacts): Advice | undefined {
  if (verdict.level === 'good' || verdict.level === 'alarm') return undefined;
  if (!isEarly(record, verdict)) return { level: 'warning', text: `${sentence(verdict.title)}. ${verdict.detail}` };
  const text = `Ended at step ${record.step}, while features still align: slots come apart from step ${DIP_ENDS_AT_STEP} on.`;
  return { level: 'warning', text, ...(finished && { action: { kind: 'longer' } }) };
}

/** Which recipe suits the images can only be seen. */
function exploreAdvice({ verdict, explored }: RunFacts): Advice | undefined {
  if (verdict.level === 'alarm') return undefined;
  const text =
    explored.length === 0
      ? 'Short runs of four recipes show which one suits these images.'
      : 'The contact sheet of these images shows what other recipes make of them.';
  return { level: 'info', text, action: { kind: 'explore' } };
}

function usageAdvice({ record, verdict, health, config }: RunFacts): Advice | undefined {
  const { usedPrototypes } = record;
  const isCollapsing = health?.lines.some(({ level }) => level === 'alarm');
  if (verdict.level !== 'good' || isCollapsing || usedPrototypes < IN_USE) return undefined;
  return { level: 'good', text: `${usedPrototypes} of ${config.prototypes} prototypes in use: fine.` };
}

/** In the dip, which every run has. */
function isEarly({ step }: StepRecord, { level }: Verdict): boolean {
  return step < DIP_ENDS_AT_STEP && level !== 'good';
}

/** Fraction of the watched pixels below which a run no longer moves: of `tiny` 5 to 10% changed at the end of 200 steps, 12% of 600. */
const SETTLED = 0.05;

/** Whether the last third of the run still moved anything. */
function longerAdvice({ loss, drawings, startStep, record, verdict, finished }: RunFacts): Advice | undefined {
  const measured = lastThird(loss, drawings, startStep, record.step);
  if (verdict.level === 'alarm' || isEarly(record, verdict)) return undefined;
  const isFalling = measured.loss !== undefined && measured.loss.fall > measured.loss.noise;
  const isChanging = measured.changed !== undefined && measured.changed >= SETTLED;
  const said = [
    ...(measured.changed === undefined
      ? []
      : [`${percent(measured.changed)} of the watched pixels changed their slot`]),
    ...(measured.loss === undefined ? [] : [lossText(measured.loss, isFalling)]),
  ];
  if (said.length === 0) return undefined;
  const what = `In the last third of the run ${said.join(' and ')}`;
  if (!isFalling && !isChanging) return { level: 'good', text: `${what}: training longer would change little.` };
  const prospect = isFalling ? 'would go on with that' : 'would shift slots, not necessarily for the better';
  const text = `${what}: training longer ${prospect}.`;
  return { level: 'info', text, ...(finished && { action: { kind: 'longer' } }) };
}

function lossText({ fall, noise }: { readonly fall: number; readonly noise: number }, isFalling: boolean): string {
  if (isFalling) return `the loss fell by ${fall.toPrecision(2)} (noise ${noise.toPrecision(2)})`;
  return `the loss didn’t fall beyond its noise (${noise.toPrecision(2)})`;
}

/** .42 as in tables of scores. */
const fraction = (value: number): string => value.toFixed(2).replace(/^0/, '');
const percent = (value: number): string => `${value > 0 && value < 0.01 ? 'under 1' : Math.round(100 * value)}%`;
const sentence = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

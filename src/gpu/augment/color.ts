import { floatBits, type Kernel } from '../kernel.ts';
import { HUE_WORDS, hueCode, hueShortfalls } from './hue.ts';
import type { PlannedColorStep } from './plan.ts';
import { viewKernel, type ViewProgram } from './viewKernel.ts';

const MAX_STEPS = 8;

/** Operand of a step's blend, as numbered in the table; the turn of hue is not a blend. */
const ORIGINS = { black: 0, mean: 1, gray: 2 } as const;

const SHORTFALLS = Array.from({ length: HUE_WORDS }, (_, word) => `shortfall${word}` as const);
const SHARED = ['count', 'zero', ...SHORTFALLS] as const;

/** Pairs of origin and factor (of hue: of nothing and shift). */
const STEPS = Array.from({ length: MAX_STEPS }, (_, step) => [`origin${step}`, `factor${step}`] as const).flat();
const FIELDS = ['mean', 'pixels', 'hue', 'end', ...STEPS] as const;
const STEPS_AT = FIELDS.length - STEPS.length;

/**
 * Steps 0 … `end`, of which step `hue` is the turn of hue. One program with it and one without: vector units of CPUs
 * run through code that no pixel needs. Blends are rounded as in Pillow.
 */
const colorProgram = (withHue: boolean): ViewProgram<(typeof SHARED)[number], (typeof FIELDS)[number]> => ({
  name: withHue ? 'augment colors with hue' : 'augment colors',
  elements: ['u32', 'u32'],
  workgroup: [64, 1],
  shared: SHARED,
  fields: FIELDS,
  code: ([means, views], { count, zero }, field) => `${withHue ? hueCode(SHARED.indexOf('shortfall0')) : ''}
fn gray(levels: vec3f) -> f32 {
  return floor((dot(levels, vec3f(19595.0, 38470.0, 7471.0)) + 32768.0) * (1.0 / 65536.0));
}

fn blends(start: vec3f, row: u32, first: u32, end: u32, mean: f32) -> vec3f {
  var levels = start;
  for (var step = first; step < end; step++) {
    let kind = table[row + ${STEPS_AT}u + 2u * step];
    let alpha = bitcast<f32>(table[row + ${STEPS_AT + 1}u + 2u * step]);
    let origin = select(select(0.0, mean, kind == ${ORIGINS.mean}u), gray(levels), kind == ${ORIGINS.gray}u);
    let product = alpha * (levels - origin);
    // Rounded here: through integers no compiler fuses it with the addition.
    let rounded = bitcast<vec3f>(bitcast<vec3u>(product) | vec3u(${zero}));
    levels = floor(clamp(origin + rounded, vec3f(0.0), vec3f(255.0)));
  }
  return levels;
}

@compute @workgroup_size(WORKGROUP_X)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(workgroup_id) group: vec3u) {
  if (id.x >= ${count}) { return; }
  let row = rowOf(group.z);
  let at = ${field.pixels} + id.x;
  let hue = ${field.hue};
  let mean = f32(${means}[${field.mean}]);
  var levels = blends(vec3f(channels(${views}[at])), row, 0u, hue, mean);
  ${withHue ? `levels = turned(levels, table[row + ${STEPS_AT + 1}u + 2u * hue]);` : ''}
  levels = blends(levels, row, hue${withHue ? ' + 1u' : ''}, ${field.end}, mean);
  ${views}[at] = pixelOf(vec3i(levels));
}`,
});

const COLORS = colorProgram(false);
const COLORS_WITH_HUE = colorProgram(true);

/** Changes of the colors of one view, hue among them at most once. */
interface ColoredView {
  readonly view: number;
  readonly steps: readonly PlannedColorStep[];
}

const hueOf = ({ steps }: ColoredView): number => steps.findIndex(({ kind }) => kind === 'hue');

/** In place, for views of `count` pixels, all of which turn hue or none of which does. Operands [means, views]. */
export function colorKernel(count: number, withHue: boolean, listed: readonly ColoredView[]): Kernel {
  const shortfalls = hueShortfalls();
  const words = Object.fromEntries(SHORTFALLS.map((name, word) => [name, shortfalls[word]]));
  return viewKernel(withHue ? COLORS_WITH_HUE : COLORS, {
    items: [count, 1],
    views: listed,
    shared: () => ({ count, zero: 0, ...(words as Record<(typeof SHORTFALLS)[number], number>) }),
    fields: (colored, [means, views]) => ({
      mean: means + colored.view,
      pixels: views + colored.view * count,
      hue: withHue ? hueOf(colored) : colored.steps.length,
      end: colored.steps.length,
      ...stepNumbers(colored.steps),
    }),
  });
}

function stepNumbers(steps: readonly PlannedColorStep[]): Record<(typeof STEPS)[number], number> {
  const numbers = steps.flatMap(stepWords);
  return Object.fromEntries(STEPS.map((name, index) => [name, numbers[index] ?? 0]));
}

function stepWords(step: PlannedColorStep): [number, number] {
  switch (step.kind) {
    case 'brightness':
      return [ORIGINS.black, floatBits(step.factor)];
    case 'contrast':
      return [ORIGINS.mean, floatBits(step.factor)];
    case 'saturation':
      return [ORIGINS.gray, floatBits(step.factor)];
    case 'gray':
      return [ORIGINS.gray, floatBits(0)];
    case 'hue':
      // Truncated to whole steps of 255 a turn, as in Pillow.
      return [0, Math.trunc(step.turns * 255) & 255];
  }
}

/** Views that one dispatch changes in the same way. */
export interface ColorStage {
  readonly plain: readonly ColoredView[];
  readonly turned: readonly ColoredView[];
}

/**
 * Splits every view's steps in front of contrast, which needs the mean of what comes before it. Throws RangeError for
 * more steps than there may be.
 */
export function colorStages(colors: readonly (readonly PlannedColorStep[])[]): {
  readonly beforeContrast: ColorStage;
  readonly contrasted: readonly number[];
  readonly fromContrast: ColorStage;
} {
  colors.forEach(checkSteps);
  const contrastOf = (steps: readonly PlannedColorStep[]): number => {
    const at = steps.findIndex(({ kind }) => kind === 'contrast');
    return at < 0 ? steps.length : at;
  };
  return {
    beforeContrast: stageOf(colors.map((steps) => steps.slice(0, contrastOf(steps)))),
    contrasted: [...colors.keys()].filter((view) => contrastOf(colors[view]) < colors[view].length),
    fromContrast: stageOf(colors.map((steps) => steps.slice(contrastOf(steps)))),
  };
}

function stageOf(colors: readonly (readonly PlannedColorStep[])[]): ColorStage {
  const changed = colors.map((steps, view) => ({ view, steps })).filter(({ steps }) => steps.length > 0);
  return {
    plain: changed.filter((colored) => hueOf(colored) < 0),
    turned: changed.filter((colored) => hueOf(colored) >= 0),
  };
}

function checkSteps(steps: readonly PlannedColorStep[]): void {
  if (steps.length > MAX_STEPS)
    throw new RangeError(`a view has ${steps.length} changes of colors, at most ${MAX_STEPS} are allowed`);
  for (const once of ['contrast', 'hue'] as const)
    if (steps.filter(({ kind }) => kind === once).length > 1)
      throw new RangeError(`a view has its ${once} changed more than once`);
}

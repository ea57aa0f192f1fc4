import type { Random } from '../../lib/random.ts';
import type { Rgb } from './canvas.ts';
import { mix } from './noise.ts';

/** In the order of the labels in the masks. */
export const SAMPLE_CLASSES = [
  'sky',
  'mountain',
  'water',
  'grass',
  'sand',
  'brick wall',
  'paving',
  'tree',
  'house',
  'sun or moon',
  'boat',
  'animal',
  'flower',
] as const;

export type SampleClass = (typeof SAMPLE_CLASSES)[number];

export function labelOf(name: SampleClass): number {
  return SAMPLE_CLASSES.indexOf(name);
}

/** Color distribution of a class in HSV; saturation and value are ranges. */
interface Paints {
  readonly hues: readonly [number, number];
  readonly saturation: readonly [number, number];
  readonly value: readonly [number, number];
}

/** Probability of one of the two usual hues of a class. Classes share hues, so that color alone doesn't identify them. */
const USUAL = 0.8;
const SPREAD = 0.03;

const PAINTS: Readonly<Record<SampleClass, Paints>> = {
  sky: { hues: [0.57, 0.05], saturation: [0.25, 0.6], value: [0.75, 1] },
  mountain: { hues: [0.6, 0.08], saturation: [0.12, 0.4], value: [0.5, 0.85] },
  water: { hues: [0.58, 0.48], saturation: [0.4, 0.75], value: [0.55, 0.95] },
  grass: { hues: [0.27, 0.15], saturation: [0.4, 0.7], value: [0.65, 0.95] },
  sand: { hues: [0.11, 0.05], saturation: [0.2, 0.5], value: [0.65, 0.95] },
  'brick wall': { hues: [0.02, 0.12], saturation: [0.3, 0.65], value: [0.5, 0.85] },
  paving: { hues: [0.6, 0.1], saturation: [0.08, 0.35], value: [0.6, 0.95] },
  tree: { hues: [0.32, 0.08], saturation: [0.4, 0.75], value: [0.45, 0.8] },
  house: { hues: [0.1, 0.98], saturation: [0.15, 0.55], value: [0.65, 0.98] },
  'sun or moon': { hues: [0.14, 0.06], saturation: [0.15, 0.7], value: [0.95, 1] },
  boat: { hues: [0.0, 0.6], saturation: [0.45, 0.8], value: [0.5, 0.9] },
  animal: { hues: [0.08, 0.1], saturation: [0.05, 0.5], value: [0.5, 0.95] },
  flower: { hues: [0.94, 0.13], saturation: [0.5, 0.85], value: [0.8, 1] },
};

/** Draws a color for one instance of a class. */
export function pickColor(name: SampleClass, random: Random): Rgb {
  const { hues, saturation, value } = PAINTS[name];
  const usual = random.chance(USUAL);
  const hue = usual ? hues[random.integer(2)] + random.uniform(-SPREAD, SPREAD) : random.next();
  // Unusual hues are less saturated.
  return hsv(hue, random.uniform(...saturation) * (usual ? 1 : 0.7), random.uniform(...value));
}

/** Hue in turns (any), saturation and value in 0…1. */
export function hsv(hue: number, saturation: number, value: number): Rgb {
  const channel = (offset: number): number => {
    const sixths = (((hue + offset) % 1) + 1) % 1;
    const ramp = Math.min(1, Math.max(0, Math.abs(sixths * 6 - 3) - 1));
    return 255 * value * mix(1, ramp, saturation);
  };
  return [channel(0), channel(2 / 3), channel(1 / 3)];
}

/** Darkens (factor < 1) or brightens (factor > 1) a color. */
export function scaleColor([red, green, blue]: Rgb, factor: number): Rgb {
  return [red * factor, green * factor, blue * factor];
}

export function mixColors(from: Rgb, to: Rgb, amount: number): Rgb {
  return [mix(from[0], to[0], amount), mix(from[1], to[1], amount), mix(from[2], to[2], amount)];
}

export const WHITE: Rgb = [255, 255, 255];
export const INK: Rgb = [28, 24, 30];

import type { Config } from '../../config/fields.ts';
import type { Random } from '../../lib/random.ts';
import { gaussianBlur } from './blur.ts';
import { adjustBrightness, adjustContrast, adjustHue, adjustSaturation, solarize, toGray } from './color.ts';
import { drawCropPair, flipBox, overlapCoords } from './crops.ts';
import type { Box, RgbImage, TwoCrops } from '../../domain/images.ts';
import { type CropBox, cropResize, flipHorizontal } from '../resample.ts';

/** Settings that the two views depend on. */
export type AugmentConfig = Pick<
  Config,
  | 'cropSize'
  | 'minScale'
  | 'minOverlap'
  | 'flipProbability'
  | 'jitterProbability'
  | 'jitterBrightness'
  | 'jitterContrast'
  | 'jitterSaturation'
  | 'jitterHue'
  | 'grayProbability'
  | 'blurProbability1'
  | 'blurProbability2'
  | 'blurSigmaMin'
  | 'blurSigmaMax'
  | 'solarizeProbability2'
>;

/** A color operation of color.ts with its drawn amount. */
export type ColorStep =
  | { readonly kind: 'brightness' | 'contrast' | 'saturation'; readonly factor: number }
  | { readonly kind: 'hue'; readonly turns: number }
  | { readonly kind: 'gray' };

/** Random draws of one view; together with the image they determine it. */
export interface ViewPlan {
  readonly box: CropBox;
  /** Sides of the view in pixels. */
  readonly size: number;
  readonly flip: boolean;
  /** Overlap of the two crops in this view's unit coordinates, mirrored if the view is flipped. */
  readonly coords: Box;
  /** In the order of application; contrast and hue at most once. */
  readonly colors: readonly ColorStep[];
  /** In pixels of the view; undefined if it isn't blurred. */
  readonly blurSigma?: number;
  readonly solarize: boolean;
}

/**
 * The published two-crop augmentation: a pure function of the image, the settings and the state of `random`.
 * Crops are resized to cropSize × cropSize, flipped, then changed in color, with 8 bits after every operation.
 */
export function twoCrops(image: RgbImage, config: AugmentConfig, random: Random): TwoCrops {
  const [first, second] = drawViews(image.width, image.height, config, random);
  return {
    crops: [applyView(image, first), applyView(image, second)],
    coords: [first.coords, second.coords],
    flips: [first.flip, second.flip],
  };
}

/**
 * Draws the two views of a width × height image. Settings of 0 consume random numbers too, except amounts of jitter: runs
 * repeat only if the order of draws stays the same.
 */
export function drawViews(
  width: number,
  height: number,
  config: AugmentConfig,
  random: Random,
): readonly [ViewPlan, ViewPlan] {
  const boxes = drawCropPair(width, height, config, random);
  const flips = [random.chance(config.flipProbability), random.chance(config.flipProbability)] as const;
  const coords = overlapCoords(...boxes);
  const place = (view: 0 | 1) => ({
    box: boxes[view],
    size: config.cropSize,
    flip: flips[view],
    coords: flips[view] ? flipBox(coords[view]) : coords[view],
  });
  return [
    { ...place(0), ...drawColors(config, config.blurProbability1, 0, random) },
    { ...place(1), ...drawColors(config, config.blurProbability2, config.solarizeProbability2, random) },
  ];
}

function drawColors(
  config: AugmentConfig,
  blurProbability: number,
  solarizeProbability: number,
  random: Random,
): Pick<ViewPlan, 'colors' | 'blurSigma' | 'solarize'> {
  const colors = random.chance(config.jitterProbability) ? drawJitter(config, random) : [];
  if (random.chance(config.grayProbability)) colors.push({ kind: 'gray' });
  const blur = random.chance(blurProbability)
    ? { blurSigma: random.uniform(config.blurSigmaMin, config.blurSigmaMax) }
    : {};
  return { colors, ...blur, solarize: random.chance(solarizeProbability) };
}

/** Draws brightness, contrast, saturation and hue in random order, each with a random amount; a setting of 0 turns it off. */
function drawJitter(config: AugmentConfig, random: Random): ColorStep[] {
  const factor = (amount: number): number => random.uniform(Math.max(0, 1 - amount), 1 + amount);
  const { jitterBrightness, jitterContrast, jitterSaturation, jitterHue } = config;
  const draws: readonly (() => ColorStep | undefined)[] = [
    () => (jitterBrightness > 0 ? { kind: 'brightness', factor: factor(jitterBrightness) } : undefined),
    () => (jitterContrast > 0 ? { kind: 'contrast', factor: factor(jitterContrast) } : undefined),
    () => (jitterSaturation > 0 ? { kind: 'saturation', factor: factor(jitterSaturation) } : undefined),
    () => (jitterHue > 0 ? { kind: 'hue', turns: random.uniform(-jitterHue, jitterHue) } : undefined),
  ];
  return random
    .permutation(draws.length)
    .map((which) => draws[which]())
    .filter((step) => step !== undefined);
}

/** Renders a view: 8-bit RGB, size × size. The plan's box must lie within the image. */
export function applyView(image: RgbImage, plan: ViewPlan): Uint8Array {
  let crop = cropResize(image, plan.box, plan.size, plan.size, 'bicubic');
  if (plan.flip) crop = flipHorizontal(crop);
  for (const step of plan.colors) crop = applyColor(crop, step);
  if (plan.blurSigma !== undefined) crop = gaussianBlur(crop, plan.blurSigma);
  if (plan.solarize) crop = solarize(crop);
  return crop.data;
}

function applyColor(image: RgbImage, step: ColorStep): RgbImage {
  switch (step.kind) {
    case 'brightness':
      return adjustBrightness(image, step.factor);
    case 'contrast':
      return adjustContrast(image, step.factor);
    case 'saturation':
      return adjustSaturation(image, step.factor);
    case 'hue':
      return adjustHue(image, step.turns);
    case 'gray':
      return toGray(image);
  }
}

import type { Config } from '../config/fields.ts';
import type { Random } from '../lib/random.ts';
import { gaussianBlur } from './blur.ts';
import { adjustBrightness, adjustContrast, adjustHue, adjustSaturation, solarize, toGray } from './colour.ts';
import { drawCropPair, flipBox, overlapCoords } from './crops.ts';
import type { RgbImage, TwoCrops } from './image.ts';
import { type CropBox, cropResize, flipHorizontal } from './resample.ts';

/** The settings that the two views depend on. */
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

/**
 * The published two-crop augmentation: a pure function of the picture, the settings and the state of `random`.
 * Crops resized to cropSize × cropSize, flips, then colours; 8 bits after every operation.
 */
export function twoCrops(image: RgbImage, config: AugmentConfig, random: Random): TwoCrops {
  const boxes = drawCropPair(image.width, image.height, config, random);
  const flips = [random.chance(config.flipProbability), random.chance(config.flipProbability)] as const;
  const coords = overlapCoords(...boxes);
  return {
    crops: [
      view(image, boxes[0], flips[0], config, config.blurProbability1, 0, random),
      view(image, boxes[1], flips[1], config, config.blurProbability2, config.solarizeProbability2, random),
    ],
    coords: [flips[0] ? flipBox(coords[0]) : coords[0], flips[1] ? flipBox(coords[1]) : coords[1]],
    flips,
  };
}

function view(
  image: RgbImage,
  box: CropBox,
  flip: boolean,
  config: AugmentConfig,
  blurProbability: number,
  solarizeProbability: number,
  random: Random,
): Uint8Array {
  let crop = cropResize(image, box, config.cropSize, config.cropSize, 'bicubic');
  if (flip) crop = flipHorizontal(crop);
  if (random.chance(config.jitterProbability)) crop = jitterColours(crop, config, random);
  if (random.chance(config.grayProbability)) crop = toGray(crop);
  if (random.chance(blurProbability))
    crop = gaussianBlur(crop, random.uniform(config.blurSigmaMin, config.blurSigmaMax));
  if (random.chance(solarizeProbability)) crop = solarize(crop);
  return crop.data;
}

/** Brightness, contrast, saturation and hue in random order, each by its own random amount; an amount of 0 is off. */
export function jitterColours(image: RgbImage, config: AugmentConfig, random: Random): RgbImage {
  const factor = (amount: number): number => random.uniform(Math.max(0, 1 - amount), 1 + amount);
  const adjustments = [
    config.jitterBrightness > 0 && ((picture: RgbImage) => adjustBrightness(picture, factor(config.jitterBrightness))),
    config.jitterContrast > 0 && ((picture: RgbImage) => adjustContrast(picture, factor(config.jitterContrast))),
    config.jitterSaturation > 0 && ((picture: RgbImage) => adjustSaturation(picture, factor(config.jitterSaturation))),
    config.jitterHue > 0 &&
      ((picture: RgbImage) => adjustHue(picture, random.uniform(-config.jitterHue, config.jitterHue))),
  ];
  let result = image;
  for (const which of random.permutation(adjustments.length)) {
    const adjust = adjustments[which];
    if (adjust) result = adjust(result);
  }
  return result;
}

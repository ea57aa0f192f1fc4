import type { Config } from '../config/fields.ts';
import { SAMPLE_SCENES } from '../config/presets.ts';
import type { Mask } from '../data/masks/mask.ts';
import { cropImage, resizeCenterCrop } from '../data/resample.ts';
import { SAMPLE_CLASS_NAMES, sampleScene } from '../data/scenes/samples.ts';
import type { RgbImage } from '../domain/images.ts';
import { evenly } from '../lib/evenly.ts';
import { segmentationSize } from './segmenter.ts';

/** An image and its mask, both cropped to the center square, each at its own size. */
export interface LabeledImage {
  /** Resized to `segmentationSize`. */
  readonly image: RgbImage;
  /** As large as it is kept. */
  readonly square: RgbImage;
  /** size × size values, row by row. */
  readonly mask: { readonly size: number; readonly data: ArrayLike<number> };
}

/** Images with masks, read on demand. */
export interface LabeledImages {
  readonly count: number;
  get(index: number): LabeledImage | Promise<LabeledImage>;
}

/** Those that scores are on. */
export interface ScoredImages extends LabeledImages {
  /** Number of images that have a mask. */
  readonly available: number;
  /** Why masks were left out, one sentence each. */
  readonly leftOut: readonly string[];
  /** Name of the class of a mask value. */
  className(value: number): string;
}

/** Number of built-in scenes that are held out for scoring. */
const HELD_OUT_SCENES = 100;

export function toLabeledImage(image: RgbImage, mask: Mask, config: Config): LabeledImage {
  const size = segmentationSize(config);
  const side = Math.min(image.width, image.height);
  const [top, left] = [Math.floor((image.height - side) / 2), Math.floor((image.width - side) / 2)];
  return {
    image: resizeCenterCrop(image, size, size, 'bilinear'),
    square: cropImage(image, { top, left, width: side, height: side }),
    mask: centerSquare(mask),
  };
}

function centerSquare({ width, height, data }: Mask): LabeledImage['mask'] {
  const size = Math.min(width, height);
  const left = Math.floor((width - size) / 2);
  const top = Math.floor((height - size) / 2);
  const square = new Uint32Array(size * size);
  for (let y = 0; y < size; y++) {
    const start = (top + y) * width + left;
    square.set(data.subarray(start, start + size), y * size);
  }
  return { size, data: square };
}

/** Built-in scenes of a seed that training on sample scenes doesn't use, up to `limit`. */
export function heldOutScenes(config: Config, limit = Infinity): ScoredImages {
  const seed = SAMPLE_SCENES.seed + 1;
  const scenes = evenly([...Array(HELD_OUT_SCENES).keys()], limit);
  return {
    count: scenes.length,
    available: HELD_OUT_SCENES,
    leftOut: [],
    className: (value) => SAMPLE_CLASS_NAMES[value] ?? String(value),
    get: (at) => {
      const { image, mask } = sampleScene(seed, scenes[at]);
      return toLabeledImage(image, { ...image, data: mask }, config);
    },
  };
}

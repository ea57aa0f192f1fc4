import { createRandom } from '../../lib/random.ts';
import type { ImageSource, RgbImage } from '../../domain/images.ts';
import { develop } from './canvas.ts';
import { composeScene } from './compose.ts';
import { SAMPLE_CLASSES } from './palette.ts';

/** Names of the classes in the masks of the sample scenes, by label. */
export const SAMPLE_CLASS_NAMES: readonly string[] = SAMPLE_CLASSES;

/** Part of every fingerprint: incremented when a seed draws other images. */
const VERSION = 1;
const DEFAULT_SIZE = 96;

/**
 * A scene-centric image of `size` × `size` pixels and the class of each pixel (an index into SAMPLE_CLASS_NAMES).
 * The same seed and index give the same scene; another size shows it at another resolution.
 */
export function sampleScene(
  seed: number,
  index: number,
  size = DEFAULT_SIZE,
): { readonly image: RgbImage; readonly mask: Uint8Array } {
  const canvas = composeScene(size, createRandom(seed).fork(`scene/${index}`));
  return { image: { width: size, height: size, data: develop(canvas) }, mask: canvas.mask };
}

/** `count` sample scenes as training images, drawn on first use and kept. */
export function sampleScenes(count: number, seed: number): ImageSource {
  const drawn = new Map<number, RgbImage>();
  return {
    name: 'sample scenes',
    count,
    fingerprint: `samples-${VERSION}-${seed}-${count}`,
    path: (index) => `scene-${String(index).padStart(4, '0')}`,
    dimensions: () => ({ width: DEFAULT_SIZE, height: DEFAULT_SIZE, orientation: 1 }),
    get: (index) => {
      const image = drawn.get(index) ?? sampleScene(seed, index).image;
      drawn.set(index, image);
      return Promise.resolve(image);
    },
  };
}

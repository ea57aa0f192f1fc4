import { expect, test } from 'vitest';
import { FIELDS } from '../config/fields.ts';
import { type AugmentConfig, applyView, twoCrops, type ViewPlan } from '../data/augment/augment.ts';
import type { ImageDimensions, ImageSource, RgbImage } from '../domain/images.ts';
import { createRandom } from '../lib/random.ts';
import { drawBatch } from './gpuBatches.ts';

const defaults = Object.fromEntries(Object.entries(FIELDS).map(([name, field]) => [name, field.default]));
const config = { ...(defaults as unknown as AugmentConfig), cropSize: 16 };

function source(count: number): ImageSource & { readonly requested: number[] } {
  const requested: number[] = [];
  const dimensions = (index: number): ImageDimensions => ({ width: 20 + index, height: 31, orientation: 1 });
  const get = (index: number): Promise<RgbImage> => {
    requested.push(index);
    const [width, height] = [20 + index, 31];
    const random = createRandom(index);
    const data = Uint8Array.from({ length: width * height * 3 }, () => random.integer(256));
    return Promise.resolve({ width, height, data });
  };
  return { name: 'test', count, fingerprint: '', path: String, dimensions, get, requested };
}

test('draws the views of twoCrops and reads only images that are not on the GPU', async () => {
  const images = source(9);
  const stored = new Map<number, RgbImage>();
  const augmenter = {
    hold: (index: number) => stored.get(index),
    store: (index: number, image: RgbImage) => void stored.set(index, image),
  };
  const randomOf = (index: number) => createRandom(`crop/0/${index}`);
  await drawBatch(augmenter, images, [3, 1], config, randomOf);
  const { items, places } = await drawBatch(augmenter, images, [1, 8, 3], config, randomOf);
  expect(images.requested).toEqual([3, 1, 8]);
  expect(items.map(({ image }) => image)).toEqual([1, 8, 3]);
  items.forEach(({ image, views }, at) => {
    const original = stored.get(image) as RgbImage;
    const { crops, coords, flips } = twoCrops(original, config, randomOf(image));
    expect(places[at]).toEqual({ coords, flips });
    expect(views.map((view) => applyView(original, view as ViewPlan))).toEqual(crops);
  });
});

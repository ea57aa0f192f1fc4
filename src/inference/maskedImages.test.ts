import { expect, it } from 'vitest';
import { presetConfig } from '../config/presets.ts';
import type { MaskSet } from '../data/masks/maskSet.ts';
import { UserError } from '../lib/errors.ts';
import { imagesOf } from '../testing/imagesOf.ts';
import { createMaskedImages } from './maskedImages.ts';

const SIZE = { width: 4, height: 4 };
const paths = Array.from({ length: 10 }, (_, at) => `${at}.jpg`);

/** Masks of the images 1 to 9, whose value is their image; those of `bad` images can't be used. */
function masksWith(bad: readonly number[]) {
  const looked: number[] = [];
  const set: MaskSet = {
    match: { maskOf: Int32Array.from(paths, (_, at) => at - 1), count: 9, how: '9 masks matched by name' },
    read: (image) => Promise.resolve({ ...SIZE, data: new Uint8Array(16).fill(image) }),
    check: (image) => {
      looked.push(image);
      const isBad = bad.includes(image);
      return isBad ? Promise.reject(new UserError('metrics/mask-format', `${image} is bad.`)) : Promise.resolve();
    },
    checkAll: () => undefined,
    className: String,
  };
  return { looked, masked: createMaskedImages(imagesOf(paths, SIZE), set) };
}
const config = presetConfig('tiny');

it('leaves out masks that can’t be used, and looks at each once', async () => {
  const { looked, masked } = masksWith([2, 9]);
  const few = await masked.choose(config, 3);
  expect([few.count, few.available, few.leftOut]).toEqual([3, 9, []]);
  const shares: number[] = [];
  const all = await masked.choose(config, undefined, (fraction) => {
    shares.push(fraction);
    return Promise.resolve();
  });
  expect([all.count, all.available, all.leftOut]).toEqual([7, 9, ['2 is bad.', '9 is bad.']]);
  const values = await Promise.all(
    Array.from({ length: all.count }, async (_, at) => (await all.get(at)).mask.data[0]),
  );
  expect(values).toEqual([1, 3, 4, 5, 6, 7, 8]);
  expect(looked.toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  expect(shares).toEqual(Array.from({ length: 9 }, (_, at) => at / 9));
});

it('is refused where most masks can’t be used, or no image has one', async () => {
  const { masked } = masksWith([1, 2, 3, 4, 5]);
  await expect(masked.choose(config)).rejects.toThrow("5 of 9 masks can't be used. The first: 1 is bad.");
  const none = {
    maskOf: new Int32Array(10).fill(-1),
    count: 0,
    how: 'none matched: an image is called "0.jpg", a mask "x.png"',
  };
  const set = { match: none } as unknown as MaskSet;
  const choosing = createMaskedImages(imagesOf(paths, SIZE), set).choose(config);
  await expect(choosing).rejects.toThrow('None of the 10 images has a mask: none matched: an image is called "0.jpg"');
});

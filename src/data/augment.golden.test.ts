import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { readSafetensors } from '../checkpoint/safetensors.ts';
import golden from '../testing/goldens/ops.json' with { type: 'json' };
import { gaussianBlur } from './blur.ts';
import { adjustBrightness, adjustContrast, adjustHue, adjustSaturation, solarize, toGray } from './colour.ts';
import { flipBox, intersectionArea, overlapCoords } from './crops.ts';
import type { RgbImage } from './image.ts';
import { type CropBox, cropResize, flipHorizontal, resizeCenterCrop } from './resample.ts';

const file = readSafetensors(readFileSync(new URL('../testing/goldens/ops.safetensors', import.meta.url)));

function picture(key: string): RgbImage {
  const tensor = file.tensors.get(key);
  if (tensor?.dtype !== 'U8') throw new Error(`no picture ${key}`);
  const [height, width] = tensor.shape as [number, number];
  return { width, height, data: tensor.data };
}

function rows(key: string): number[][] {
  const tensor = file.tensors.get(key);
  if (!tensor) throw new Error(`no tensor ${key}`);
  const width = tensor.shape[1] ?? 1;
  const values = Array.from(tensor.data as Iterable<number | bigint>, Number);
  return Array.from({ length: values.length / width }, (_, row) => values.slice(row * width, (row + 1) * width));
}

const box = ([top, left, height, width]: readonly number[]): CropBox => ({ top, left, height, width });

/** Sizes must agree and every level must. */
function expectSame(actual: RgbImage, key: string): void {
  const expected = picture(key);
  expect([actual.height, actual.width]).toEqual([expected.height, expected.width]);
  expect(Buffer.compare(actual.data, expected.data), key).toBe(0);
}

describe('to the level, as the published pipeline', () => {
  test('crops and resizes', () => {
    const image = picture('resize/image_hwc');
    golden.resize.cases.forEach(({ ijhw, size_hw: [height, width] }, index) => {
      for (const filter of ['bicubic', 'bilinear'] as const)
        expectSame(cropResize(image, box(ijhw), height, width, filter), `resize/${filter}${index}`);
    });
  });

  test('flips and the evaluation transform', () => {
    const image = picture('resize/image_hwc');
    expectSame(flipHorizontal(image), 'resize/hflip');
    expectSame(resizeCenterCrop(image, 48, 40, 'bilinear'), 'resize/viz_resize48_center40');
  });

  const image = picture('color/image_hwc');
  const adjust = {
    brightness: adjustBrightness,
    contrast: adjustContrast,
    saturation: adjustSaturation,
    hue: adjustHue,
  };
  test.each(Object.keys(adjust) as (keyof typeof adjust)[])('changes %s', (name) => {
    golden.color.ops[name].forEach((amount, index) => expectSame(adjust[name](image, amount), `color/${name}${index}`));
  });

  const jitter = (index: number): RgbImage => {
    const amounts = golden.color.composed[index];
    const names = ['brightness', 'contrast', 'saturation', 'hue'] as const;
    return amounts.order.reduce((result, which) => adjust[names[which]](result, amounts[names[which]]), image);
  };
  test('jitters in any order', () => {
    golden.color.composed.forEach((_, index) => expectSame(jitter(index), `color/composed${index}`));
  });

  test('grays, solarizes and blurs', () => {
    expectSame(toGray(image), 'color/gray');
    expectSame(solarize(image), 'color/solarize128');
    golden.blur.sigmas.forEach((sigma, index) => expectSame(gaussianBlur(image, sigma), `color/blur${index}`));
  });

  test('chains them', () => {
    expectSame(gaussianBlur(toGray(jitter(1)), 1.3), 'color/chain_jitter1_gray_blur1.3');
    expectSame(solarize(gaussianBlur(jitter(1), 0.8)), 'color/chain_jitter1_blur0.8_solarize');
  });
});

test('overlap boxes, disjoint ones too, and their mirror images', () => {
  const boxes0 = rows('coords/params0_ijhw').map(box);
  const boxes1 = rows('coords/params1_ijhw').map(box);
  const pairs = boxes0.map((first, index) => overlapCoords(first, boxes1[index]));
  const float = (coords: readonly number[][]): number[][] => coords.map((row) => row.map(Math.fround));
  expect(boxes0.map((first, index) => [intersectionArea(first, boxes1[index])])).toEqual(rows('coords/intersection'));
  expect(float(pairs.map(([coords]) => [...coords]))).toEqual(rows('coords/clipped0'));
  expect(float(pairs.map(([, coords]) => [...coords]))).toEqual(rows('coords/clipped1'));
  rows('coords/clipped0_flipped').forEach((expected, index) => {
    flipBox(pairs[index][0]).forEach((value, side) => expect(value).toBeCloseTo(expected[side], 6));
  });
});

import { describe, expect, test } from 'vitest';
import { FIELDS } from '../../config/fields.ts';
import { createRandom } from '../../lib/random.ts';
import { type AugmentConfig, twoCrops } from './augment.ts';
import { drawCropPair, intersectionArea, overlapCoords } from './crops.ts';
import type { RgbImage } from '../../domain/images.ts';
import { cropResize, roundHalfToEven } from '../resample.ts';

const defaults = Object.fromEntries(Object.entries(FIELDS).map(([name, field]) => [name, field.default]));
const published = { ...(defaults as unknown as AugmentConfig), cropSize: 32 };
/** Settings for crops and resizing only. */
const plain: AugmentConfig = {
  ...published,
  flipProbability: 0,
  jitterProbability: 0,
  grayProbability: 0,
  blurProbability1: 0,
  blurProbability2: 0,
  solarizeProbability2: 0,
};

function noise(width: number, height: number, seed = 1): RgbImage {
  const random = createRandom(seed);
  return { width, height, data: Uint8Array.from({ length: width * height * 3 }, () => random.integer(256)) };
}

const image = noise(60, 45);

describe('twoCrops', () => {
  test('depends on image, settings and seed only', () => {
    const first = twoCrops(image, published, createRandom(7));
    expect(twoCrops(image, published, createRandom(7))).toEqual(first);
    expect(twoCrops(image, published, createRandom(8))).not.toEqual(first);
    expect(image).toEqual(noise(60, 45));
  });

  test('returns plain crops without flips and colors', () => {
    const boxes = drawCropPair(60, 45, plain, createRandom(3));
    const { crops, coords, flips } = twoCrops(image, plain, createRandom(3));
    boxes.forEach((box, view) => expect(crops[view]).toEqual(cropResize(image, box, 32, 32, 'bicubic').data));
    expect(coords).toEqual(overlapCoords(...boxes));
    expect(flips).toEqual([false, false]);
  });

  test('always flips at probability 1, pixels and boxes alike', () => {
    const straight = twoCrops(image, plain, createRandom(3));
    const mirrored = twoCrops(image, { ...plain, flipProbability: 1 }, createRandom(3));
    expect(mirrored.flips).toEqual([true, true]);
    for (const view of [0, 1] as const) {
      const [x1, y1, x2, y2] = straight.coords[view];
      expect(mirrored.coords[view]).toEqual([1 - x2, y1, 1 - x1, y2]);
      // The first pixel of a row is the last of the mirrored one.
      expect(mirrored.crops[view].slice(0, 3)).toEqual(straight.crops[view].slice(31 * 3, 32 * 3));
    }
  });

  test.each([
    ['jitterProbability', [true, true]],
    ['grayProbability', [true, true]],
    ['blurProbability1', [true, false]],
    ['blurProbability2', [false, true]],
    ['solarizeProbability2', [false, true]],
  ] as const)('%s 1 changes the right views', (name, changed) => {
    const before = twoCrops(image, plain, createRandom(5));
    const config = { ...plain, [name]: 1, blurSigmaMin: 1 };
    const after = twoCrops(image, config, createRandom(5));
    expect(after.coords).toEqual(before.coords);
    expect(after.crops.map((crop, view) => Buffer.compare(crop, before.crops[view]) !== 0)).toEqual(changed);
  });

  test('makes gray views gray; amounts of 0 keep colors', () => {
    const gray = twoCrops(image, { ...plain, grayProbability: 1 }, createRandom(5)).crops[0];
    expect(gray.every((level, at) => level === gray[at - (at % 3)])).toBe(true);
    const amounts = { jitterBrightness: 0, jitterContrast: 0, jitterSaturation: 0, jitterHue: 0 };
    const still = twoCrops(image, { ...plain, ...amounts, jitterProbability: 1 }, createRandom(5)).crops;
    expect(still[0]).toEqual(twoCrops(image, plain, createRandom(5)).crops[0]);
  });

  test('accepts tiny and very narrow images', () => {
    for (const [width, height] of [
      [1, 1],
      [1, 400],
      [400, 1],
      [17, 3],
    ] as const) {
      const { crops } = twoCrops(noise(width, height), published, createRandom(1));
      expect(crops.map((crop) => crop.length)).toEqual([32 * 32 * 3, 32 * 32 * 3]);
    }
  });
});

describe('drawCropPair', () => {
  const sizes = [
    [96, 96],
    [120, 80],
    [30, 200],
  ] as const;

  test('stays within the image, scale and aspect ratio', () => {
    for (const [width, height] of sizes) {
      const random = createRandom(`${width}×${height}`);
      for (let draw = 0; draw < 300; draw++) {
        for (const box of drawCropPair(width, height, { minScale: 0.2, minOverlap: 0.01 }, random)) {
          expect(Math.min(box.top, box.left)).toBeGreaterThanOrEqual(0);
          expect(box.top + box.height).toBeLessThanOrEqual(height);
          expect(box.left + box.width).toBeLessThanOrEqual(width);
          // Half a pixel of rounding on each side.
          expect((box.width + 0.5) * (box.height + 0.5)).toBeGreaterThanOrEqual(0.2 * width * height);
          expect((box.width + 0.5) / (box.height - 0.5)).toBeGreaterThanOrEqual(3 / 4);
          expect((box.width - 0.5) / (box.height + 0.5)).toBeLessThanOrEqual(4 / 3);
        }
      }
    }
  });

  test('enforces the min overlap', () => {
    const disjoint = (minOverlap: number): number => {
      const random = createRandom('overlap');
      const pairs = Array.from({ length: 1000 }, () => drawCropPair(96, 96, { minScale: 0.02, minOverlap }, random));
      return pairs.filter(([a, b]) => intersectionArea(a, b) === 0).length;
    };
    expect(disjoint(0)).toBeGreaterThan(20);
    // Ten failed draws in a row are rare, but allowed.
    expect(disjoint(0.01)).toBeLessThan(5);
  });

  test('measures the overlap against the drawn area and gives up after ten tries', () => {
    // An overlap of twice the second crop is impossible; a pair is returned anyway.
    const [a, b] = drawCropPair(96, 96, { minScale: 0.2, minOverlap: 2 }, createRandom(1));
    expect(a.width * b.width).toBeGreaterThan(0);
    const random = createRandom('half');
    for (let draw = 0; draw < 200; draw++) {
      const [first, second] = drawCropPair(96, 96, { minScale: 0.2, minOverlap: 0.3 }, random);
      const fraction = intersectionArea(first, second) / (second.width * second.height);
      expect(fraction).toBeGreaterThan(0.28);
    }
  });
});

test('roundHalfToEven sends halves to the even neighbor', () => {
  expect([0.5, 1.5, 2.5, 2.4, 2.6, -1.5, -2.5].map(roundHalfToEven)).toEqual([0, 2, 2, 2, 3, -2, -2]);
});

test('disjoint crops keep boxes beyond the unit square', () => {
  const [a] = overlapCoords({ top: 0, left: 0, height: 10, width: 10 }, { top: 20, left: 30, height: 8, width: 9 });
  expect(a).toEqual([3, 2, 1, 1]);
});

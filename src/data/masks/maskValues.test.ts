import sharp, { type Sharp } from 'sharp';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../lib/random.ts';
import { sampleScene } from '../scenes/samples.ts';
import type { Mask } from './mask.ts';
import { addTally, checkValues, tallyValues } from './maskValues.ts';

const scene = (index: number, factor: number): Mask => {
  const { image, mask } = sampleScene(1, index);
  return { width: image.width, height: image.height, data: mask.map((value) => value * factor) };
};
const gray = ({ width, height, data }: Mask): Sharp =>
  sharp(data as Uint8Array, { raw: { width, height, channels: 1 } }).toColourspace('b-w');
const raw = async (image: Sharp): Promise<Mask> => {
  const { data, info } = await image.toColourspace('b-w').raw().toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, data };
};
const check = (mask: Mask): void => checkValues(tallyValues(mask), 'The mask "a.png" holds');

/** Regions of the nearest of some points, each with its own value: instances, of which every one is rare. */
function instances(count: number, size: number, radius: number): Mask {
  const random = createRandom('instances');
  const points = Array.from({ length: count }, () => [random.integer(size), random.integer(size)] as const);
  const data = Uint16Array.from({ length: size * size }, (_, at) => {
    const [x, y] = [at % size, Math.floor(at / size)];
    return 1 + points.findIndex(([px, py]) => (px - x) ** 2 + (py - y) ** 2 <= radius ** 2);
  });
  return { width: size, height: size, data };
}

describe('values of a mask', () => {
  it('pass where every value is a region, however many and rare', async () => {
    check(scene(3, 20));
    check(instances(300, 256, 5));
    expect(tallyValues(instances(300, 256, 5)).size).toBeGreaterThan(200);
    // ADE20K: 150 classes.
    check({
      width: 150,
      height: 40,
      data: Uint8Array.from({ length: 6000 }, (_, at) => Math.floor((at % 150) / 5) + 30 * Math.floor(at / 1200)),
    });
    check(await raw(gray(scene(3, 20)).resize(30, 30, { kernel: 'nearest' })));
    const outline = scene(3, 20);
    check({ ...outline, data: outline.data.map((value, at) => (value === outline.data[at - 1] ? value : 255)) });
  });

  it.each([
    ['compressed as JPEG', (image: Sharp) => image.jpeg({ quality: 90 }).toBuffer()],
    ['enlarged smoothly', (image: Sharp) => image.resize(250, 250, { kernel: 'cubic' }).png().toBuffer()],
    ['reduced smoothly', (image: Sharp) => image.resize(50, 50).png().toBuffer()],
  ])('are refused of a mask %s', async (_, change) => {
    for (const factor of [20, 1]) {
      const changed = await raw(sharp(await change(gray(scene(3, factor)))));
      const { size } = tallyValues(changed);
      expect(() => check(changed)).toThrow(`The mask "a.png" holds ${size} different values, `);
    }
  });

  it('are refused of a photograph', () => {
    const { data, width, height } = sampleScene(1, 3).image;
    expect(() =>
      check({
        width,
        height,
        data: Uint32Array.from({ length: width * height }, (_, at) => data[3 * at] * 256 + data[3 * at + 1]),
      }),
    ).toThrow('photograph');
  });
});

it('a few stray values in every mask add up over a set', () => {
  const all = tallyValues(scene(0, 1));
  for (let index = 0; index < 8; index++) {
    const stray = scene(index, 1);
    for (const n of [0, 1, 2]) stray.data[5000 + 7 * n] = 100 + 3 * index + n;
    check(stray);
    addTally(all, tallyValues(stray));
  }
  const regions = [...all.keys()].filter((value) => value < 100).length;
  expect(() => checkValues(all, 'The masks hold')).toThrow(`${regions + 24} different values, 24 of them`);
});

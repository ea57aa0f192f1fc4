import { expect, it } from 'vitest';
import { createRandom } from '../../../lib/random.ts';
import { turnUpright } from '../orientation.ts';
import { shrinkPixels } from './shrinkPixels.ts';
import { storedPixels } from './storedPixels.ts';

it.each([
  [203, 131, 16],
  [1500, 900, 7],
  [64, 64, 64],
])('averages opaque RGBA of %i × %i as RGB, and a level is kept to the edges', async (width, height, shorter) => {
  const random = createRandom('pixels');
  const rgb = Uint8Array.from({ length: width * height * 3 }, () => random.integer(256));
  const rgba = Uint8Array.from({ length: width * height * 4 }, (_, at) =>
    at % 4 === 3 ? 255 : rgb[Math.floor(at / 4) * 3 + (at % 4)],
  );
  const size = { width, height, orientation: 6 } as const;
  const [plain, opaque] = await Promise.all([
    shrinkPixels(storedPixels(rgb, { ...size, channels: 3 }), { shorter }),
    shrinkPixels(storedPixels(rgba, { ...size, channels: 4 }), { shorter }),
  ]);
  expect(opaque).toEqual(plain);
  expect(plain.dimensions).toEqual({ width: height, height: width, orientation: 6 });
  const upright = await shrinkPixels(storedPixels(rgb, { ...size, orientation: 1, channels: 3 }), { shorter });
  expect(plain.image).toEqual(turnUpright(upright.image, 6));
  const flat = storedPixels(rgb.map(() => 77), { ...size, channels: 3 }); // oxfmt-ignore
  expect(new Set((await shrinkPixels(flat, { shorter })).image.data)).toEqual(new Set([77]));
});

it('keeps a slope straight where blocks don’t fill the last column', async () => {
  const [width, height] = [1003, 403];
  const slope = Uint8Array.from({ length: width * height }, (_, at) => Math.round(((at % width) / (width - 1)) * 250));
  const { image } = await shrinkPixels(storedPixels(slope, { width, height, orientation: 1, channels: 1 }), {
    longer: 100,
  });
  // Away from the edges, where the filter has less than its support.
  for (let x = 3; x < image.width - 3; x++)
    expect(Math.abs(image.data[x * 3] - ((x + 0.5) / image.width) * 250)).toBeLessThan(1);
});

it('stretches from the 0.1 to the 99.9 percentile: a few hot pixels have no part', async () => {
  const [width, height] = [300, 300];
  const samples = Uint16Array.from({ length: width * height }, (_, at) => 100 + (at % 201) * 10);
  for (let hot = 0; hot < 40; hot++) samples[hot * 2000 + 7] = hot % 2 === 0 ? 65535 : 0;
  const stored = storedPixels(samples, { width, height, orientation: 1, channels: 1, deep: { opaque: 65535 } });
  const { image, conversions } = await shrinkPixels(stored, { longer: 300 });
  expect(conversions).toEqual(['stretched']);
  const expected = (value: number): number => Math.round(((value - 100) / 2000) * 255);
  for (const at of [0, 50, 100, 200]) expect(image.data[at * 3]).toBe(expected(100 + at * 10));
  expect([image.data[7 * 3], image.data[2007 * 3]]).toEqual([255, 0]);

  const sparse = storedPixels(samples.map((_, at) => (at < 30 ? 500 : 20)), { ...stored, deep: { opaque: 65535 } }); // oxfmt-ignore
  expect([...(await shrinkPixels(sparse, { longer: 300 })).image.data.subarray(29 * 3, 31 * 3)]).toEqual([
    255, 255, 255, 0, 0, 0,
  ]);
});

import { decode } from 'fast-png';
import sharp from 'sharp';
import { expect, it } from 'vitest';
import { prototypeColor } from '../domain/palette.ts';
import { createReplayEncoder } from './encoder.ts';
import type { ReplayRequest } from './messages.ts';
import { dimensionsOf } from '../testing/images.ts';
import { gridOf } from '../testing/overlays.ts';

const SIZE = 16;
const pixels = { width: SIZE, height: SIZE, data: new Uint8Array(SIZE * SIZE * 3).fill(128) };
const gray = { dimensions: dimensionsOf(pixels), pixels };
const request: ReplayRequest = {
  kind: 'gif',
  images: [gray, gray, gray, gray, gray],
  prototypes: 4,
  opacity: 1,
  framesPerSecond: 4,
  steps: 3,
};
const blank = (_: string, width: number, height: number) => new Uint8ClampedArray(width * height * 4).fill(255);
const grid = (prototype: number) => gridOf([prototype], 1, 1);
const stepOf = (step: number, prototype: number) => ({ step, grids: request.images.map(() => grid(prototype)) });

it('animates all images, four per row, at the chosen rate and holds the last frame', async () => {
  const encoder = createReplayEncoder(request, blank);
  for (const [at, step] of [0, 25, 50].entries()) encoder.add(stepOf(step, at));
  const gif = Buffer.from(encoder.finish());
  const { pages, delay, width, pageHeight } = await sharp(gif, { animated: true }).metadata();
  expect({ pages, delay, width, pageHeight }).toEqual({
    pages: 3,
    delay: [250, 250, 2000],
    width: 4 * 148 + 4,
    pageHeight: 24 + 2 * 148,
  });
  for (const [page, prototype] of [0, 1, 2].entries()) {
    const { data, info } = await sharp(gif, { page }).raw().toBuffer({ resolveWithObject: true });
    const at = (100 * info.width + 60) * info.channels;
    // A GIF has 5 or 6 bits per color.
    for (const [channel, value] of prototypeColor(prototype, 4).entries())
      expect(Math.abs(data[at + channel] - value)).toBeLessThan(9);
  }
});

it('lays images out as rows and steps as columns, after the images', () => {
  const two = [gray, { ...gray, pixels: { ...pixels, data: pixels.data.map(() => 10) } }];
  const encoder = createReplayEncoder({ ...request, kind: 'strip', images: two, opacity: 0.5 }, blank);
  encoder.add({ step: 0, grids: [grid(0), grid(1)] });
  encoder.add({ step: 50, grids: [grid(2), grid(3)] });
  const { width, height, data, channels } = decode(encoder.finish());
  expect([width, height, channels]).toEqual([3 * 148 + 4, 24 + 2 * 148, 4]);
  const pixel = (row: number, column: number) => {
    const at = ((24 + row * 148 + 70) * width + 4 + column * 148 + 70) * 4;
    return [...data.subarray(at, at + 3)];
  };
  const mixed = (prototype: number, gray: number) =>
    prototypeColor(prototype, 4).map((value) => Math.round(gray + (value - gray) / 2));
  expect([pixel(0, 0), pixel(1, 0)]).toEqual([
    [128, 128, 128],
    [10, 10, 10],
  ]);
  expect([pixel(0, 1), pixel(0, 2)]).toEqual([mixed(0, 128), mixed(2, 128)]);
  expect([pixel(1, 1), pixel(1, 2)]).toEqual([mixed(1, 10), mixed(3, 10)]);
  expect([...data.subarray((10 * width + 10) * 4, (10 * width + 10) * 4 + 4)]).toEqual([255, 255, 255, 255]);
});

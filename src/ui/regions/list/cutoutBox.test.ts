import { expect, it } from 'vitest';
import { cutoutSide, cutoutBox, WHOLE } from './cutoutBox.ts';

it('shows a region with a margin that is equal in pixels, within the photograph', () => {
  // 0.5 x 0.25 of a photograph twice as wide as high: 100 x 25 of 200 x 100 pixels, so 12 pixels around.
  const { left, top, width, height } = cutoutBox(Float32Array.of(0, 0, 0, 0, 0.25, 0, 0.75, 0.25), 1, { ratio: 2 });
  expect([left, top, width, height].map((value) => Number(value.toFixed(3)))).toEqual([0.19, 0, 0.62, 0.37]);
});

it('wants few sizes of copies, large enough for the part', () => {
  const photograph = { width: 400, height: 300 };
  const place = { width: 100, height: 100 };
  expect(cutoutSide(WHOLE, photograph, place)).toBe(128);
  expect(cutoutSide({ ...WHOLE, width: 0.25, height: 0.25 }, photograph, place)).toBe(512);
  expect(cutoutSide({ ...WHOLE, width: 0.01, height: 0.01 }, photograph, place)).toBe(1024);
  expect(cutoutSide(WHOLE, photograph, { width: 0, height: 0 })).toBe(0);
});

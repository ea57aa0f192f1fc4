import { expect, it } from 'vitest';
import { smooth } from './smooth.ts';

it('starts at the first value, keeps a constant and copies the values at 0', () => {
  const raw = Float64Array.of(4, 2, 6);
  expect(smooth(raw, 0.9)[0]).toBeCloseTo(4, 12);
  const constant = [...smooth(Float64Array.of(3, 3, 3), 0.9)];
  expect(constant.map((value) => value.toFixed(9))).toEqual(Array(3).fill('3.000000000'));
  expect([...smooth(raw, 0)]).toEqual([4, 2, 6]);
});

it('is the bias-corrected moving average', () => {
  // Weights of the second value: (0.5·0.5·4 + 0.5·2) / (0.25 + 0.5).
  expect(smooth(Float64Array.of(4, 2), 0.5)[1]).toBeCloseTo((0.25 * 4 + 0.5 * 2) / 0.75, 12);
});

it('skips values that are not finite', () => {
  const [first, ...rest] = smooth([NaN, 4, Infinity, 2], 0.5);
  expect(first).toBeNaN();
  expect(rest).toEqual([4, Infinity, smooth([4, 2], 0.5)[1]]);
});

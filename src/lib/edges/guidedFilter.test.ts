import { describe, expect, it } from 'vitest';
import { guidedFilter, guideOf, upsampledSoftmax } from './guidedFilter.ts';

it('turns RGB into gray around 0', () => {
  const data = Uint8Array.of(0, 0, 0, 255, 255, 255, 255, 0, 0);
  const { gray } = guideOf({ width: 3, height: 1, data });
  expect([...gray].map((value) => Number(value.toFixed(4)))).toEqual([-0.5, 0.5, -0.201]);
});

describe('the softmax of upsampled dots', () => {
  it('equals e^(dot/τ) over its sum, halfway between two cells their mean', () => {
    const dots = Float32Array.of(1, 0, 0, 1);
    const [a, b, c] = upsampledSoftmax({ dots, rows: 1, columns: 2 }, 3, 1, 0.5);
    expect([a, b, c].map((value) => Number(value.toFixed(5)))).toEqual([
      Number((Math.exp(2) / (Math.exp(2) + 1)).toFixed(5)),
      0.5,
      Number((1 / (Math.exp(2) + 1)).toFixed(5)),
    ]);
  });
});

describe('the guided filter', () => {
  const options = { temperature: 0.1, radius: 1, epsilon: 0.02 };

  it('equals a case worked by hand', () => {
    // Three pixels in a row, gray 0, 0, 0.3; one cell each; two prototypes of which the first is certain at the left.
    const gray = Float32Array.of(0, 0, 0.3);
    const dots = Float32Array.of(1, -9, -9, 1, -9, 1);
    const { slopes, offsets } = guidedFilter(
      { dots, rows: 1, columns: 3 },
      { gray, width: 3, height: 1 },
      { ...options, radius: 1 },
    );
    // Windows {0,1}, {0,1,2}, {1,2} of p = 1, 0, 0 and I = 0, 0, 0.3:
    // means of p 1/2, 1/3, 0; of I 0, 0.1, 0.15; of I² 0, 0.03, 0.045; of I·p 0, 0, 0.
    const a = [0, (0 - 0.1 / 3) / (0.03 - 0.01 + 0.02), 0];
    const b = [1 / 2, 1 / 3 - a[1] * 0.1, 0];
    const expected = {
      slopes: [(a[0] + a[1]) / 2, (a[0] + a[1] + a[2]) / 3, (a[1] + a[2]) / 2],
      offsets: [(b[0] + b[1]) / 2, (b[0] + b[1] + b[2]) / 3, (b[1] + b[2]) / 2],
    };
    for (let at = 0; at < 3; at++) {
      expect(slopes[at]).toBeCloseTo(expected.slopes[at], 6);
      expect(offsets[at]).toBeCloseTo(expected.offsets[at], 6);
      // The assignments of both prototypes still add up to 1.
      expect(slopes[at] + slopes[3 + at]).toBeCloseTo(0, 6);
      expect(offsets[at] + offsets[3 + at]).toBeCloseTo(1, 6);
    }
  });

  it('moves a border to the edge of the image nearby', () => {
    const [width, height] = [24, 8];
    // Cells of 8 pixels: the border of the dots is at pixel 12, the edge of the image at pixel 10.
    const dots = Float32Array.of(1, 0.9, 0.95, 0.95, 0.9, 1);
    const gray = Float32Array.from({ length: width * height }, (_, at) => (at % width < 10 ? -0.3 : 0.3));
    const { slopes, offsets } = guidedFilter({ dots, rows: 1, columns: 3 }, { gray, width, height }, { ...options, radius: 4, epsilon: 1e-3 }); // oxfmt-ignore
    const pixels = width * height;
    const value = (k: number, at: number): number => slopes[k * pixels + at] * gray[at] + offsets[k * pixels + at];
    const row = Array.from({ length: width }, (_, x) => (value(0, 4 * width + x) > value(1, 4 * width + x) ? 0 : 1));
    expect(row.lastIndexOf(0)).toBe(9);
  });
});

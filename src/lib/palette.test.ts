import { describe, expect, it } from 'vitest';
import { prototypeColour, prototypeColours, type Colour } from './palette.ts';

/** OKLab, computed the other way round: from the 8-bit colour. */
function oklab(colour: Colour): [number, number, number] {
  const [r, g, b] = colour.map((value) => {
    const unit = value / 255;
    return unit <= 0.04045 ? unit / 12.92 : ((unit + 0.055) / 1.055) ** 2.4;
  });
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

function leastDistance(colours: Colour[]): number {
  const points = colours.map(oklab);
  const distances = points.flatMap((p, i) => points.slice(0, i).map((q) => Math.hypot(...p.map((v, d) => v - q[d]))));
  return Math.min(...distances);
}

describe('prototypeColour', () => {
  it.each([2, 16, 256])('%i colours: valid, of similar lightness, none gray', (count) => {
    for (const colour of prototypeColours(count)) {
      for (const value of colour) expect(Number.isInteger(value) && value >= 0 && value <= 255).toBe(true);
      const [lightness, a, b] = oklab(colour);
      expect(lightness).toBeGreaterThan(0.61);
      expect(lightness).toBeLessThan(0.81);
      expect(Math.hypot(a, b)).toBeGreaterThan(0.08);
    }
  });

  it('keeps them apart', () => {
    // 0.02 is about the least difference that is noticed side by side.
    expect(leastDistance(prototypeColours(16))).toBeGreaterThan(0.06);
    expect(leastDistance(prototypeColours(64))).toBeGreaterThan(0.02);
  });

  it('never changes: files and screenshots depend on it', () => {
    expect(prototypeColours(4)).toEqual([0, 1, 2, 3].map((index) => prototypeColour(index, 4)));
    expect(prototypeColours(4)).toMatchInlineSnapshot(`
      [
        [
          250,
          112,
          146,
        ],
        [
          191,
          164,
          0,
        ],
        [
          0,
          189,
          178,
        ],
        [
          143,
          154,
          255,
        ],
      ]
    `);
  });
});

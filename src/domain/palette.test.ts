import { describe, expect, it } from 'vitest';
import { ALIKE, prototypeColor, prototypeColors, prototypeTextures, TEXTURES, type Color } from './palette.ts';

/** Reference implementation of OKLab (https://bottosson.github.io/posts/oklab/), to check the library against. */
function oklab(color: Color): [number, number, number] {
  const [r, g, b] = color.map(linear);
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

function linear(value: number): number {
  const unit = value / 255;
  return unit <= 0.04045 ? unit / 12.92 : ((unit + 0.055) / 1.055) ** 2.4;
}

function contrast(one: Color, other: Color): number {
  const [a, b] = [one, other].map((color) => {
    const [r, g, blue] = color.map(linear);
    return 0.2126 * r + 0.7152 * g + 0.0722 * blue + 0.05;
  });
  return Math.max(a / b, b / a);
}

function minDistance(colors: readonly Color[]): number {
  const points = colors.map(oklab);
  let min = Infinity;
  // Squared distances: this is computed for millions of pairs.
  points.forEach((p, i) => {
    for (let at = 0; at < i; at++) {
      const q = points[at];
      min = Math.min(min, (p[0] - q[0]) ** 2 + (p[1] - q[1]) ** 2 + (p[2] - q[2]) ** 2);
    }
  });
  return Math.sqrt(min);
}

const COUNTS = Array.from({ length: 255 }, (_, index) => index + 2);

describe('prototypeColor', () => {
  it('keeps any number of prototypes far apart', () => {
    // The just noticeable difference side by side is about 0.02.
    const atLeast = (count: number): number => (count <= 8 ? 0.15 : count <= 16 ? 0.11 : count <= 64 ? 0.07 : 0.045);
    for (const count of COUNTS) {
      expect(minDistance(prototypeColors(count)), `${count} prototypes`).toBeGreaterThan(atLeast(count));
    }
  });

  it('has a contrast of 3 against the surfaces of both themes for up to 16', () => {
    for (const color of prototypeColors(16)) {
      expect(contrast(color, [0xfc, 0xfc, 0xfd])).toBeGreaterThan(3);
      expect(contrast(color, [0x1e, 0x1f, 0x22])).toBeGreaterThan(3);
    }
  });

  it.each([2, 16, 256])('%i colors: of 8 bits, none gray, none near black or white', (count) => {
    for (const color of prototypeColors(count)) {
      for (const value of color) expect(Number.isInteger(value) && value >= 0 && value <= 255).toBe(true);
      const [lightness, a, b] = oklab(color);
      expect(lightness).toBeGreaterThan(0.44);
      expect(lightness).toBeLessThan(0.86);
      expect(Math.hypot(a, b)).toBeGreaterThan(0.045);
    }
  });

  it('is a function of the prototype and their number alone', () => {
    expect(prototypeColors(2048)).toHaveLength(2048);
    expect(prototypeColors(4)).toEqual([0, 1, 2, 3].map((index) => prototypeColor(index, 4)));
    // Files and screenshots depend on it.
    expect(prototypeColors(4)).toMatchInlineSnapshot(`
      [
        [
          251,
          10,
          50,
        ],
        [
          39,
          96,
          245,
        ],
        [
          32,
          163,
          45,
        ],
        [
          221,
          77,
          235,
        ],
      ]
    `);
  });
});

describe('prototypeTextures', () => {
  it('differ where colors are similar', () => {
    for (const count of COUNTS) {
      const [colors, textures] = [prototypeColors(count), prototypeTextures(count)];
      expect(Math.max(...textures)).toBeLessThan(TEXTURES);
      for (let texture = 0; texture < TEXTURES; texture++) {
        const same = colors.filter((_, index) => textures[index] === texture);
        expect(minDistance(same), `texture ${texture} of ${count} prototypes`).toBeGreaterThan(ALIKE - 1e-6);
      }
    }
  });

  it('are plain for up to 32 prototypes', () => {
    for (const count of [2, 16, 32]) expect(Math.max(...prototypeTextures(count))).toBe(0);
  });
});

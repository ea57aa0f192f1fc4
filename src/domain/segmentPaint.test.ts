import { describe, expect, it } from 'vitest';
import { defined } from '../lib/defined.ts';
import { ALIKE, areAlike, colorDistance, prototypeColors, prototypeTextures, type Color } from './palette.ts';
import { createRandom } from '../lib/random.ts';
import { createSlotGrid } from './slotGrid.ts';
import { paintImage } from './imagePaint.ts';
import {
  packRgba,
  paintIsolated,
  paintSegments,
  resampleSegments,
  segmentPalette,
  segmentsOf,
  texturedPrototypes,
} from './segmentPaint.ts';

const colorOf = (word: number): Color => [word & 255, (word >> 8) & 255, (word >> 16) & 255];

/** Square of 32 × 32 pixels whose left and right half have one prototype each. */
function paintHalves(left: number, right: number, count: number, out: Uint32Array): void {
  const labels = Uint16Array.from({ length: 32 * 32 }, (_, at) => (at % 32 < 16 ? left : right));
  const palette = segmentPalette(count);
  paintSegments({ labels, width: 32, height: 32 }, palette, texturedPrototypes(labels, 32, palette), 1, out);
}

describe('paintImage', () => {
  it('writes bytes in the order of ImageData', () => {
    const out = new Uint32Array(2);
    paintImage(Uint8Array.of(1, 2, 3, 200, 201, 202), out);
    expect([...new Uint8Array(out.buffer)]).toEqual([1, 2, 3, 255, 200, 201, 202, 255]);
  });
});

describe('paintSegments', () => {
  const palette = segmentPalette(4);

  it('enlarges segments without blur, with a line of one pixel between them at any size', () => {
    const labels = Uint16Array.of(0, 1, 0, 1);
    for (const side of [8, 11, 64]) {
      const out = new Uint32Array(side * side);
      const segments = resampleSegments({ labels, width: 2, height: 2 }, side, side);
      paintSegments(segments, palette, new Uint8Array(4), 1, out);
      const border = Math.ceil(side / 2 - 0.5);
      for (let at = 0; at < out.length; at++) {
        const x = at % side;
        const expected = x < border ? palette.fills[0] : x === border ? palette.borders[1] : palette.fills[1];
        expect(out[at], `${x} of ${side}`).toBe(expected);
      }
    }
  });

  it('draws a window at any position and scale, clear outside the image', () => {
    const dots = Float32Array.of(1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1);
    const out = new Uint32Array(16);
    const window = { imageWidth: 4, imageHeight: 4, left: 2, top: -2, width: 4, height: 4 };
    paintSegments(segmentsOf(createSlotGrid(dots, 4, 2, 2), window), palette, new Uint8Array(4), 1, out);
    const one = palette.fills[1];
    expect([...out]).toEqual([0, 0, 0, 0, 0, 0, 0, 0, one, one, 0, 0, one, one, 0, 0]);
  });

  it('distinguishes neighbors by their colors, or by a texture in one of them', () => {
    const random = createRandom('neighbors');
    for (const count of [2, 16, 64, 128, 256]) {
      const colors = prototypeColors(count);
      let alike = 0;
      const pairs = Array.from({ length: 200 }, () => [random.integer(count), random.integer(count)] as const);
      // Random pairs are rarely alike: up to 100 alike pairs are added.
      for (let a = 0; a < count && pairs.length < 300; a++) {
        for (let b = 0; b < a; b++) if (areAlike(a, b, count)) pairs.push([a, b]);
      }
      for (const [a, b] of pairs) {
        if (a === b) continue;
        const out = new Uint32Array(32 * 32);
        paintHalves(a, b, count, out);
        const parts = [out.filter((_, at) => at % 32 < 16), out.filter((_, at) => at % 32 > 16)];
        const [left, right] = parts.map((part) => part.filter((_, at) => at % 15 < 15));
        if (!areAlike(a, b, count)) {
          expect(colorDistance(colors[a], colors[b])).toBeGreaterThanOrEqual(ALIKE);
          continue;
        }
        alike++;
        // Their textures differ, and marks have a distinct color.
        const textures = prototypeTextures(count);
        expect(textures[a]).not.toBe(textures[b]);
        const markedIn = (part: Uint32Array, prototype: number): number =>
          part.filter((word) => word === segmentPalette(count).marks[prototype]).length;
        const drawn = [markedIn(left, a), markedIn(right, b)];
        expect(drawn.map((marks) => marks > 0)).toEqual([textures[a] > 0, textures[b] > 0]);
        for (const prototype of [a, b]) {
          const mark = colorOf(segmentPalette(count).marks[prototype]);
          expect(colorDistance(mark, colors[a])).toBeGreaterThan(ALIKE);
          expect(colorDistance(mark, colors[b])).toBeGreaterThan(ALIKE);
        }
      }
      if (count === 256) expect(alike).toBeGreaterThan(50);
    }
  });

  it('draws textures only where similar segments touch', () => {
    const count = 256;
    let [a, b] = [0, 0];
    while (!areAlike(a, b, count) || a === b) [a, b] = b < count - 1 ? [a, b + 1] : [a + 1, 0];
    const other = defined(Array.from({ length: count }, (_, k) => k).find((k) => !areAlike(a, k, count)));
    const palette = segmentPalette(count);
    const marked = (left: number, right: number): boolean => {
      const out = new Uint32Array(32 * 32);
      paintHalves(left, right, count, out);
      return out.some((word) => word === palette.marks[left] || word === palette.marks[right]);
    };
    expect(marked(a, b)).toBe(true);
    expect(marked(a, other)).toBe(false);
  });
});

describe('paintIsolated', () => {
  it('is clear inside an outline, veiled elsewhere, and closes the outline at the image border', () => {
    const size = 7;
    const labels = new Uint16Array(49).fill(3);
    for (const y of [1, 2, 3, 4, 5]) for (const x of [1, 2, 3, 4, 5]) labels[y * size + x] = 1;
    const palette = segmentPalette(4);
    const out = new Uint32Array(49);
    paintIsolated({ labels, width: size, height: size }, 1, palette, 0.5, out);
    const veil = packRgba([18, 20, 24], 200);
    const expected = Array.from({ length: 49 }, (_, at) => {
      const ring = Math.min(at % 7, 6 - (at % 7), Math.floor(at / 7), 6 - Math.floor(at / 7));
      return ring === 0 ? veil : ring === 1 ? palette.fills[1] : 0;
    });
    expect([...out]).toEqual(expected);
    paintIsolated({ labels, width: size, height: size }, 3, palette, 0.5, out);
    expect([out[0], out[3 * size + 3]]).toEqual([palette.fills[3], veil]);
  });
});

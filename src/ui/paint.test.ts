import { describe, expect, it } from 'vitest';
import { asClasses, packRgba, paintIsolated, paintLabels, paintPicture, rankLabels } from './paint.ts';

const bytes = (words: Uint32Array): number[] => [...new Uint8Array(words.buffer)];

describe('painting', () => {
  it('writes bytes in the order of ImageData', () => {
    const out = new Uint32Array(2);
    paintPicture(Uint8Array.of(1, 2, 3, 200, 201, 202), out);
    expect(bytes(out)).toEqual([1, 2, 3, 255, 200, 201, 202, 255]);
    paintLabels(Uint16Array.of(1, 0), Uint32Array.of(packRgba([9, 8, 7]), packRgba([250, 0, 4])), out);
    expect(bytes(out)).toEqual([250, 0, 4, 255, 9, 8, 7, 255]);
  });

  it('shows the prototypes of a class as its first, and leaves alone what is not merged', () => {
    const labels = Uint16Array.of(0, 1, 2, 3);
    expect([...asClasses(labels, Uint16Array.of(0, 1, 0, 1))]).toEqual([0, 1, 0, 1]);
    expect(asClasses(labels, Uint16Array.of(0, 1, 2, 3))).toBe(labels);
  });

  it('veils everything but the isolated prototype, outlined against others and the border', () => {
    const size = 5;
    const labels = new Uint16Array(25).fill(3);
    labels.set([1, 1, 1], 6);
    labels.set([1, 1, 1], 11);
    labels.set([1, 1, 1], 16);
    const out = new Uint32Array(25);
    paintIsolated(labels, size, 1, { outline: 5, veil: 9 }, out);
    expect([...out]).toEqual([9, 9, 9, 9, 9, 9, 5, 5, 5, 9, 9, 5, 0, 5, 9, 9, 5, 5, 5, 9, 9, 9, 9, 9, 9]);
    paintIsolated(labels, size, 3, { outline: 5, veil: 9 }, out);
    expect(out[0]).toBe(5);
  });

  it('ranks prototypes by their share', () => {
    expect(rankLabels(Uint16Array.of(4, 2, 2, 2), 5)).toEqual([
      { prototype: 2, share: 0.75 },
      { prototype: 4, share: 0.25 },
    ]);
  });
});

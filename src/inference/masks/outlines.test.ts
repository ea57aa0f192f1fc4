import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fillRings, noisyLabelMaps, overlapOf, wavyLabelMap, type LabelMap } from '../../testing/masks.ts';
import { createImageMask } from './imageMask.ts';
import { joinRings } from './joinRings.ts';
import { simplifyRing } from './simplifyRing.ts';
import { signedArea, traceRings, type Ring } from './traceRings.ts';

function ringsOf({ labels, width, height }: LabelMap): { ring: Ring; label: number }[] {
  const rings: { ring: Ring; label: number }[] = [];
  traceRings(labels, width, height, (ring, x, y) => rings.push({ ring, label: labels[y * width + x] }));
  return rings;
}

const maskOf = (map: LabelMap, per: 'class' | 'region', minRegion = 0) =>
  createImageMask(
    { ...map, imageIndex: 0, path: 'a', orientation: 1 },
    { forms: ['png'], per, minRegion, edges: false },
  );

describe('traced rings', () => {
  it('go around a region clockwise, and around its hole counterclockwise', () => {
    const labels = Uint16Array.of(5, 5, 5, 5, 1, 5, 5, 5, 5);
    const areas = ringsOf({ width: 3, height: 3, labels }).map(({ ring, label }) => [label, signedArea(ring)]);
    expect(areas).toEqual([
      [5, 9],
      [1, 1],
      [5, -1],
    ]);
  });
  it('fill exactly the pixels of random label maps, joined, by either rule', () => {
    fc.assert(
      fc.property(noisyLabelMaps, (map) => {
        const rings = ringsOf(map);
        for (const label of new Set(map.labels)) {
          const own = rings.filter((one) => one.label === label).map(({ ring }) => ring);
          const { evenOdd, nonzero } = fillRings([joinRings(own)], map.width, map.height);
          const expected = Uint8Array.from(map.labels, (one) => (one === label ? 1 : 0));
          expect(evenOdd).toEqual(expected);
          expect(nonzero).toEqual(expected);
        }
      }),
      { seed: 1 },
    );
  });
});

describe('simplified rings', () => {
  it('have the corners of a rectangle, and slanted lines for stairs', () => {
    expect(simplifyRing([0, 0, 40, 0, 40, 30, 0, 30])).toEqual([0, 0, 40, 0, 40, 30, 0, 30]);
    const stairs = Array.from({ length: 60 }, (_, step) => [step, step, step + 1, step]).flat();
    expect(simplifyRing([...stairs, 60, 60, 0, 60]).length).toBeLessThan(2 * 8);
  });
  it('keep a single pixel as it is', () => {
    expect(simplifyRing([3, 3, 4, 3, 4, 4, 3, 4])).toEqual([3, 3, 4, 3, 4, 4, 3, 4]);
  });
});

describe('outlines of masks as models make them', () => {
  const map = wavyLabelMap(320, 240, 5, 'outlines');
  it('overlap with each class, at a small part of the corners', () => {
    const mask = maskOf(map, 'class');
    mask.outlines().forEach((regions, at) => {
      const { label } = mask.objects().list[at];
      const { evenOdd, nonzero } = fillRings([joinRings(regions.flat())], map.width, map.height);
      const expected = Uint8Array.from(map.labels, (one) => (one === label ? 1 : 0));
      expect(overlapOf(evenOdd, expected)).toBeGreaterThan(0.98);
      expect(overlapOf(nonzero, evenOdd)).toBeGreaterThan(0.999);
    });
    const corners = ringsOf(map).reduce((sum, { ring }) => sum + ring.length, 0);
    expect(mask.outlines().flat(3).length).toBeLessThan(corners / 4);
  });
  it('of regions leave out small ones', () => {
    const [all, large] = [maskOf(map, 'region'), maskOf(map, 'region', 0.02)];
    expect(large.objects().list.length).toBeLessThan(all.objects().list.length);
    expect(large.objects().list.every(({ area }) => area >= 0.02 * 320 * 240)).toBe(true);
    expect(large.outlines()).toHaveLength(large.objects().list.length);
  });
});

import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../lib/random.ts';
import type { Overlay } from '../../../domain/reports.ts';
import { labelBytes, packOverlay } from './packOverlay.ts';

const overlay = (labels: Uint16Array): Overlay => ({
  imageIndex: 3,
  path: 'a.png',
  size: Math.sqrt(labels.length),
  rgb: new Uint8Array(labels.length * 3),
  labels,
});
/** Unpacks from the bytes: the labels that were packed are overwritten afterwards, as if they had been collected. */
function roundTrip(labels: Uint16Array): { unpacked: Uint16Array; bytes: number } {
  const expected = labels.slice();
  const original = WeakRef.prototype.deref;
  WeakRef.prototype.deref = () => undefined;
  try {
    const packed = packOverlay(overlay(labels));
    labels.fill(9999);
    expect(packed.labels).toEqual(expected);
    return { unpacked: packed.labels, bytes: labelBytes(packed) };
  } finally {
    WeakRef.prototype.deref = original;
  }
}

describe('packed labels', () => {
  it.each<[string, number, (at: number) => number]>([
    ['one region, longer than a run can be', 70_000, () => 5],
    ['blocks', 10_000, (at) => Math.floor(at / 37) % 256],
    ['more than 256 prototypes', 10_000, (at) => 200 + (Math.floor(at / 400) % 100)],
    ['speckle', 10_000, (at) => createRandom(at).integer(16)],
    ['speckle of many', 900, (at) => createRandom(at).integer(4096)],
    ['a single pixel', 1, () => 7],
  ])('come back as they were: %s', (_, count, label) => {
    const labels = Uint16Array.from({ length: count }, (_, at) => label(at));
    const { bytes } = roundTrip(labels);
    expect(bytes).toBeLessThanOrEqual(2 * count);
  });

  it('take a tenth of the bytes where there are regions, and one a pixel in speckle of few prototypes', () => {
    const size = 200;
    const regions = Uint16Array.from({ length: size * size }, (_, at) => Math.floor((at % size) / 30));
    expect(roundTrip(regions).bytes).toBeLessThan(0.1 * size * size);
    const random = createRandom(0);
    expect(roundTrip(Uint16Array.from({ length: 10_000 }, () => random.integer(16))).bytes).toBe(10_000);
  });

  it('are the same object while somebody holds them, and part of any copy', () => {
    const packed = packOverlay(overlay(Uint16Array.of(1, 1, 2, 2)));
    expect(packed.labels).toBe(packed.labels);
    expect({ ...packed }.labels).toEqual(Uint16Array.of(1, 1, 2, 2));
    expect(structuredClone(packed)).toEqual(overlay(Uint16Array.of(1, 1, 2, 2)));
  });
});

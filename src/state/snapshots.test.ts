import { describe, expect, it } from 'vitest';
import type { Overlay } from '../trainer/events.ts';
import { addSnapshot, countPrototypes, type Snapshot } from './snapshots.ts';

const overlay = (imageIndex: number, labels: number[], rgb = new Uint8Array(labels.length * 3)): Overlay => ({
  imageIndex,
  path: `${imageIndex}.png`,
  size: Math.sqrt(labels.length),
  rgb,
  labels: Uint16Array.from(labels),
});
const at = (step: number): Snapshot => ({ step, overlays: [overlay(0, [0, 0, 0, 0])], usage: [] });
const history = (steps: number[], capacity: number): number[] =>
  steps.reduce<readonly Snapshot[]>((all, step) => addSnapshot(all, at(step), capacity), []).map(({ step }) => step);

describe('addSnapshot', () => {
  it('thins a full history out evenly, first and last kept', () => {
    const steps = history(
      Array.from({ length: 201 }, (_, index) => 25 * index),
      10,
    );
    expect(steps).toHaveLength(10);
    expect(steps[0]).toBe(0);
    expect(steps.at(-1)).toBe(5000);
    const gaps = steps.slice(1).map((step, index) => step - (steps[index] ?? 0));
    // Halving leaves gaps of at most two sizes in play, plus the newest ones.
    expect(Math.max(...gaps)).toBeLessThanOrEqual(1000);
  });

  it('replaces what is at or after the step: a run continued from an earlier state', () => {
    expect(history([0, 25, 50, 75, 50], 10)).toEqual([0, 25, 50]);
  });

  it('shares the pictures, which do not change, among snapshots', () => {
    const [first, second] = [at(0), at(25)];
    const kept = addSnapshot(addSnapshot([], first, 5), second, 5);
    expect(kept[1]?.overlays[0]?.rgb).toBe(first.overlays[0]?.rgb);
    expect(kept[1]?.overlays[0]?.labels).toBe(second.overlays[0]?.labels);
  });
});

describe('countPrototypes', () => {
  it('counts pixels over all images and images with at least 1%', () => {
    const counts = countPrototypes([overlay(0, [0, 0, 0, 2]), overlay(1, [2, 2, 2, 2])], 4);
    expect(counts.map(({ images }) => images)).toEqual([1, 0, 2, 0]);
    expect(counts.map(({ share }) => share)).toEqual([3 / 8, 0, 5 / 8, 0]);
  });

  it('counts the prototypes of a class as its first', () => {
    const counts = countPrototypes([overlay(0, [0, 0, 1, 2]), overlay(1, [2, 2, 2, 2])], 3, Uint16Array.of(0, 1, 0));
    expect(counts.map(({ images }) => images)).toEqual([2, 1, 0]);
    expect(counts.map(({ share }) => share)).toEqual([7 / 8, 1 / 8, 0]);
  });

  it('does not count an image for a stray pixel', () => {
    const labels = Array.from({ length: 400 }, (_, index) => (index === 7 ? 1 : 0));
    expect(countPrototypes([overlay(0, labels)], 2)[1]).toEqual({ images: 0, share: 1 / 400 });
  });
});

import { describe, expect, it } from 'vitest';
import { slotGridBytes } from '../../../domain/slotGrid.ts';
import { fakeHealth } from '../../../testing/fakeRun.ts';
import { stripOverlay as overlay } from '../../../testing/overlays.ts';
import { addSnapshot, countPrototypes, historyBytes, type OverlaySnapshot } from './snapshots.ts';

const at = (step: number): OverlaySnapshot => ({
  step,
  overlays: [overlay(0, [0, 1, 2, 3])],
  usage: [],
  health: fakeHealth(step),
});
/** Bytes of one such snapshot: two grids. */
const BYTES = 2 * slotGridBytes(at(0).overlays[0].grid);
const history = (steps: number[], capacity: number): number[] =>
  steps
    .reduce<readonly OverlaySnapshot[]>((all, step) => addSnapshot(all, at(step), capacity * BYTES), [])
    .map(({ step }) => step);

describe('addSnapshot', () => {
  it('keeps everything within its budget', () => {
    const steps = Array.from({ length: 300 }, (_, index) => 25 * index);
    expect(history(steps, 300)).toEqual(steps);
  });

  it('thins a full history out evenly, first and last kept', () => {
    const steps = history(
      Array.from({ length: 201 }, (_, index) => 25 * index),
      10,
    );
    expect(steps).toHaveLength(10);
    expect(steps[0]).toBe(0);
    expect(steps.at(-1)).toBe(5000);
    const gaps = steps.slice(1).map((step, index) => step - steps[index]);
    // Halving leaves gaps of at most two sizes in play, plus the newest ones.
    expect(Math.max(...gaps)).toBeLessThanOrEqual(1000);
  });

  it('stays within its budget whatever the snapshots take, down to the first and the last', () => {
    let all: readonly OverlaySnapshot[] = [];
    for (let step = 0; step < 100; step++) {
      const labels = Array.from({ length: 10 + (step % 7) * 10 }, (_, index) => index % 16);
      all = addSnapshot(all, { ...at(step), overlays: [overlay(0, labels), overlay(1, labels)] }, 40_000);
      expect(historyBytes(all)).toBeLessThanOrEqual(40_000);
    }
    expect(all.length).toBeGreaterThan(4);
    const large = Array.from({ length: 5000 }, (_, index) => index % 16);
    expect(addSnapshot(all, { ...at(100), overlays: [overlay(0, large)] }, 40_000).map(({ step }) => step)).toEqual([
      0, 100,
    ]);
  });

  it('replaces what is at or after the step: a run continued from an earlier state', () => {
    expect(history([0, 25, 50, 75, 50], 10)).toEqual([0, 25, 50]);
  });

  it('shares the images, which do not change, among snapshots', () => {
    const [first, second] = [at(0), at(25)];
    const kept = addSnapshot(addSnapshot([], first), second);
    expect(kept[1]?.overlays[0]?.preview).toBe(first.overlays[0]?.preview);
    expect(kept[1]?.overlays[0]?.grid).toBe(second.overlays[0]?.grid);
    expect(kept[1]?.health).toBe(second.health);
  });
});

describe('countPrototypes', () => {
  it('counts pixels over all images and images with at least 1%', () => {
    const counts = countPrototypes([overlay(0, [0, 0, 0, 2]), overlay(1, [2, 2, 2, 2])], 4);
    expect(counts.map(({ images }) => images)).toEqual([1, 0, 2, 0]);
    expect(counts.map(({ fraction }) => fraction)).toEqual([3 / 8, 0, 5 / 8, 0]);
  });

  it('counts the prototypes of a class as its first', () => {
    const counts = countPrototypes([overlay(0, [0, 0, 1, 2]), overlay(1, [2, 2, 2, 2])], 3, Uint16Array.of(0, 1, 0));
    expect(counts.map(({ images }) => images)).toEqual([2, 1, 0]);
    expect(counts.map(({ fraction }) => fraction)).toEqual([7 / 8, 1 / 8, 0]);
  });

  it('does not count an image for a stray pixel', () => {
    const labels = Array.from({ length: 400 }, (_, index) => (index === 7 ? 1 : 0));
    expect(countPrototypes([overlay(0, labels)], 2)[1]).toEqual({ images: 0, fraction: 1 / 400 });
  });
});

import { expect, it } from 'vitest';
import { createRandom } from '../../lib/random.ts';
import { drawnRegions } from '../../testing/regions/drawnRegions.ts';
import { layOutRegions } from './layout.ts';

const table = drawnRegions({ photographs: 60, prototypes: 6, perPhotograph: 3, spread: 0.3 });

/** Fraction of the regions whose nearest other one on the map is of the same prototype. */
function together(positions: Float32Array, prototype: Uint16Array): number {
  const distance = (a: number, b: number): number =>
    Math.hypot(positions[2 * a] - positions[2 * b], positions[2 * a + 1] - positions[2 * b + 1]);
  const rows = [...prototype.keys()];
  const isTogether = (row: number): boolean => {
    const others = rows.filter((other) => other !== row);
    const nearest = others.reduce((best, other) => (distance(row, other) < distance(row, best) ? other : best));
    return prototype[nearest] === prototype[row];
  };
  return rows.filter(isTogether).length / rows.length;
}

it('places like beside like, within −1 to 1, the same for the same seed', async () => {
  const told: { readonly positions: Float32Array; readonly fraction: number }[] = [];
  const layOut = (seed: number) =>
    layOutRegions(table, {
      random: createRandom(seed),
      onPositions: (positions, fraction) => void told.push({ positions, fraction }),
    });
  const positions = await layOut(1);
  expect(positions).toHaveLength(360);
  expect(together(positions, table.regions.prototype)).toBeGreaterThan(0.97);
  expect(positions.reduce((max, value) => Math.max(max, Math.abs(value)), 0)).toBeCloseTo(1);
  expect(told.length).toBeGreaterThanOrEqual(10);
  expect(told.at(-1)).toEqual({ positions, fraction: 1 });
  expect(await layOut(1)).toEqual(positions);
  expect(await layOut(2)).not.toEqual(positions);
});

it('places regions beyond the limit beside those that they are like', async () => {
  const positions = await layOutRegions(table, { random: createRandom(1), placed: 90 });
  expect(positions.every(Number.isFinite)).toBe(true);
  expect(together(positions, table.regions.prototype)).toBeGreaterThan(0.97);
});

it('places a handful too', async () => {
  const few = drawnRegions({ photographs: 3, perPhotograph: 2 });
  const positions = await layOutRegions(few, { random: createRandom(1) });
  expect(positions).toHaveLength(12);
  expect(positions.every((value) => Math.abs(value) <= 1)).toBe(true);
});

it('ends when the pace throws', async () => {
  const pace = (fraction: number): Promise<void> =>
    fraction > 0.7 ? Promise.reject(new Error('canceled')) : Promise.resolve();
  await expect(layOutRegions(table, { random: createRandom(1), pace })).rejects.toThrow('canceled');
});

import { describe, expect, it } from 'vitest';
import { createRandom } from '../../lib/random.ts';
import { alteredScene, drawScene, drawScenes, tableOfScenes } from '../../testing/regions/drawnScenes.ts';
import { drawnRegions } from '../../testing/regions/drawnRegions.ts';
import { duplicatePairs } from './duplicatePairs.ts';
import { nearestRegions } from './nearestRegions.ts';
import { findNeighbors, pointsOf } from './neighbors.ts';
import { outlierRegions } from './outlierRegions.ts';
import { unusualMixes } from './unusualMixes.ts';

const descending = (values: Float32Array): boolean => values.every((value, at) => at === 0 || value <= values[at - 1]);

describe('more like this', () => {
  it('ranks all other regions by cosine', () => {
    const table = drawnRegions();
    const { items, values } = nearestRegions(table, 7, 1000);
    expect([...items].sort((a, b) => a - b)).toEqual([...Array(200).keys()].filter((row) => row !== 7));
    const { vectors, origin } = table;
    const row = (at: number): Float32Array => vectors.subarray(at * origin.dimensions, (at + 1) * origin.dimensions);
    const cosines = [...items].map((item) => row(7).reduce((sum, value, d) => sum + value * row(item)[d], 0));
    cosines.forEach((cosine, at) => expect(values[at]).toBeCloseTo(cosine, 5));
    expect(descending(values)).toBe(true);
    expect(nearestRegions(table, 7, 3).items).toEqual(items.slice(0, 3));
  });
});

describe('near-duplicate photographs', () => {
  it('are the pairs in front: resized, recompressed, mirrored', async () => {
    const random = createRandom('duplicates');
    const scenes = drawScenes(300, random);
    const copies = Array.from({ length: 20 }, (_, at) =>
      alteredScene(
        scenes[10 * at],
        [{ rows: 7, columns: 9 }, { noise: 0.05 }, { isMirrored: true }, { rows: 9, columns: 11, isMirrored: true }][
          at % 4
        ],
        random,
      ),
    );
    const table = await tableOfScenes([...scenes, ...copies]);
    const { pairs, values } = await duplicatePairs(table, 40, { random: createRandom(0) });
    const found = Array.from(values, (_, at) => `${pairs[2 * at]} ${pairs[2 * at + 1]}`);
    expect(found.slice(0, 20).sort()).toEqual(copies.map((_, at) => `${10 * at} ${300 + at}`).sort());
    expect(descending(values)).toBe(true);
    expect(Math.min(...values)).toBeGreaterThan(0);
    expect(Math.max(...values)).toBeLessThanOrEqual(1);
  });

  it('are all pairs of several copies of one', async () => {
    const scenes = drawScenes(40, createRandom(3));
    const table = await tableOfScenes([...scenes, scenes[0], scenes[0], scenes[0]]);
    const { pairs, values } = await duplicatePairs(table, 6, { random: createRandom(0) });
    expect([...new Set(pairs)].sort((a, b) => a - b)).toEqual([0, 40, 41, 42]);
    expect(Math.min(...values)).toBeGreaterThan(0.9);
  });

  it('are none of one or two photographs that have nothing in common', async () => {
    const [one] = drawScenes(1, createRandom(4), 3);
    const other = drawScene(createRandom(5), [7, 8, 9]);
    for (const scenes of [[one], [one, other]]) {
      const { pairs } = await duplicatePairs(await tableOfScenes(scenes), 40, { random: createRandom(0) });
      expect(pairs).toHaveLength(0);
    }
  });
});

describe('outliers', () => {
  it('are the regions that are like no other', async () => {
    const table = drawnRegions({ photographs: 200, spread: 0.3 });
    const random = createRandom('odd');
    const planted = Array.from({ length: 10 }, (_, at) => 41 * at + 3);
    for (const row of planted) {
      const vector = table.vectors.subarray(row * 16, row * 16 + 16).map(() => random.normal());
      const length = Math.hypot(...vector);
      table.vectors.set(
        vector.map((value) => value / length),
        row * 16,
      );
    }
    const neighbors = await findNeighbors(pointsOf(table), { random: createRandom(0) });
    const { items, values } = outlierRegions(table, neighbors);
    expect([...items.subarray(0, 10)].sort((a, b) => a - b)).toEqual(planted);
    expect(items).toHaveLength(800);
    expect(values[9]).toBeGreaterThan(2 * values[10]);
    expect(descending(values)).toBe(true);
    table.regions.area[items[0]] /= 100;
    expect(outlierRegions(table, neighbors).items[0]).toBe(items[1]);
  });

  it('are those of another color or size, too', async () => {
    const table = drawnRegions({ photographs: 200 });
    // Of the color that no other has, and of the area.
    table.colors.set([250, 10, 250], 3 * 100);
    table.regions.area[300] = 1;
    const { items, values } = outlierRegions(table, await findNeighbors(pointsOf(table), { random: createRandom(0) }));
    expect([...items.subarray(0, 2)].sort((a, b) => a - b)).toEqual([100, 300]);
    expect(values[1]).toBeGreaterThan(2 * values[2]);
  });

  it('of a single photograph are none', async () => {
    const table = drawnRegions({ photographs: 1 });
    const { values } = outlierRegions(table, await findNeighbors(pointsOf(table), { random: createRandom(0) }));
    expect([...values]).toEqual([0, 0, 0, 0]);
  });
});

describe('unusual mixes', () => {
  it('are photographs with other prototypes than the rest, or with others beside each other', async () => {
    const random = createRandom('mixes');
    // Prototypes of one half, or of the other.
    const scenes = Array.from({ length: 120 }, (_, at) =>
      drawScene(
        random,
        random
          .permutation(5)
          .slice(0, 3)
          .map((one) => one + 5 * (at % 2)),
      ),
    );
    const odd = [drawScene(random, [10, 11]), drawScene(random, [0, 5, 11, 7, 2])];
    const { items, values } = await unusualMixes(await tableOfScenes([...scenes, ...odd]));
    expect(items[0]).toBe(120);
    // Its prototypes are nobody else's.
    expect(values[0]).toBeGreaterThan(0.9);
    expect([...items.subarray(1, 6)]).toContain(121);
    expect(descending(values)).toBe(true);
    expect(values[121]).toBeLessThan(0.3);
  });

  it('of a single photograph are none', async () => {
    const { values } = await unusualMixes(await tableOfScenes(drawScenes(1, createRandom(1))));
    expect([...values]).toEqual([0]);
  });
});

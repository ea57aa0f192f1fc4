import { expect, it } from 'vitest';
import { createRandom } from '../../lib/random.ts';
import { drawnRegions } from '../../testing/regions/drawnRegions.ts';
import { dotOf } from './dots.ts';
import { findNeighbors, pointsOf, type Points } from './neighbors.ts';

/** By plain loops. */
function nearest({ vectors, dimensions, groups }: Points, point: number, count: number, among: Iterable<number>) {
  return [...among]
    .filter((other) => groups[other] !== groups[point])
    .map((other) => ({ other, cosine: dotOf(vectors, point, vectors, other, dimensions) }))
    .sort((a, b) => b.cosine - a.cosine)
    .slice(0, count);
}

it('finds the nearest of other groups, in order', async () => {
  // Neither a multiple of what is computed at a time.
  const points = pointsOf(drawnRegions({ photographs: 67, perPhotograph: 3, dimensions: 13 }));
  const found = await findNeighbors(points, { perPoint: 5, random: createRandom(0) });
  for (let point = 0; point < 201; point++) {
    const expected = nearest(points, point, 5, points.groups.keys());
    expect([...found.points.subarray(5 * point, 5 * point + 5)]).toEqual(expected.map(({ other }) => other));
    expected.forEach(({ cosine }, at) => expect(found.cosines[5 * point + at]).toBeCloseTo(cosine, 5));
  }
});

it('finds them among some of the points', async () => {
  const points = pointsOf(drawnRegions({ photographs: 20, dimensions: 8 }));
  const among = Uint32Array.of(3, 8, 40, 41, 77);
  const { points: found } = await findNeighbors(points, { perPoint: 3, random: createRandom(0), among });
  for (const point of [0, 3, 79]) {
    const expected = nearest(points, point, 3, among).map(({ other }) => other);
    expect([...found.subarray(3 * point, 3 * point + 3)]).toEqual(expected);
  }
});

it('says −1 where there are fewer', async () => {
  const points = pointsOf(drawnRegions({ photographs: 2, perPhotograph: 2, dimensions: 8 }));
  const { points: found, cosines } = await findNeighbors(points, { perPoint: 3, random: createRandom(0) });
  expect([...found.subarray(0, 3).toSorted()]).toEqual([-1, 2, 3]);
  expect(cosines[2]).toBe(-1);
});

it('misses few where not all points are compared, and repeats itself', async () => {
  const points = pointsOf(drawnRegions({ photographs: 750, prototypes: 20, dimensions: 8, spread: 0.5 }));
  const find = () => findNeighbors(points, { perPoint: 10, random: createRandom(1), compared: 600 });
  const found = await find();
  let hits = 0;
  for (let point = 0; point < 3000; point += 30) {
    const own = new Set(found.points.subarray(10 * point, 10 * point + 10));
    hits += nearest(points, point, 10, points.groups.keys()).filter(({ other }) => own.has(other)).length;
  }
  expect(hits / 1000).toBeGreaterThan(0.95);
  expect(hits / 1000).toBeLessThan(1);
  expect((await find()).points).toEqual(found.points);
});

it('ends when the pace throws', async () => {
  const points = pointsOf(drawnRegions());
  const pace = (): Promise<void> => Promise.reject(new Error('canceled'));
  await expect(findNeighbors(points, { random: createRandom(0), pace })).rejects.toThrow('canceled');
});

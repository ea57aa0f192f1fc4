import { expect, it } from 'vitest';
import { createRandom } from '../lib/random.ts';
import { fitKMeans, nearestCenters } from './kmeans.ts';

const random = createRandom(5);
const MEANS = [
  [0, 0],
  [10, 0],
  [0, 10],
];
/** Three separate clusters, interleaved. */
const POINTS = Float64Array.from({ length: 300 * 2 }, (_, i) => MEANS[(i >> 1) % 3][i % 2] + random.normal() * 0.3);

it('finds separate clusters and their means', () => {
  const { centers, inertia } = fitKMeans(POINTS, { clusters: 3, dimensions: 2 }, createRandom(0));
  const labels = nearestCenters(POINTS, centers, 2);
  for (let point = 3; point < 300; point++) expect(labels[point]).toBe(labels[point % 3]);
  expect(new Set(labels).size).toBe(3);
  let [x, within] = [0, 0];
  for (let point = 0; point < 300; point += 3) x += POINTS[point * 2] / 100;
  expect(centers[labels[0] * 2]).toBeCloseTo(x, 10);
  labels.forEach((label, point) => {
    for (let d = 0; d < 2; d++) within += (POINTS[point * 2 + d] - centers[label * 2 + d]) ** 2;
  });
  expect(inertia).toBeCloseTo(within, 4);
});

it('is the same for the same seed', () => {
  const fit = (seed: number): Float64Array =>
    fitKMeans(POINTS, { clusters: 7, dimensions: 2, restarts: 1 }, createRandom(seed)).centers;
  expect(fit(1)).toEqual(fit(1));
  expect(fit(1)).not.toEqual(fit(2));
});

it('has no higher inertia with more restarts', () => {
  const inertia = (restarts: number): number =>
    fitKMeans(POINTS, { clusters: 7, dimensions: 2, restarts }, createRandom(3)).inertia;
  expect(inertia(6)).toBeLessThanOrEqual(inertia(1));
});

it('copes with fewer distinct points than clusters', () => {
  const { centers, inertia } = fitKMeans([1, 1, 1, 4], { clusters: 3, dimensions: 1 }, createRandom(0));
  expect(inertia).toBe(0);
  expect(new Set(centers)).toEqual(new Set([1, 4]));
});

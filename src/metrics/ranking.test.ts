import { expect, it } from 'vitest';
import { createRandom } from '../lib/random.ts';
import { topImages } from './nearest.ts';
import { createRanking } from './ranking.ts';

it.each([
  [1, 3, 5],
  [4, 3, 5],
  [60, 7, 5],
  [200, 4, 1],
])('ranks %i images by %i prototypes like a sort of all scores, keeping %i', (images, prototypes, count) => {
  const random = createRandom(`${images} ${prototypes}`);
  // Few distinct values: many ties.
  const scores = Float32Array.from({ length: images * prototypes }, () => random.integer(12) / 8);
  const ranking = createRanking(prototypes, count);
  for (let image = 0; image < images; image++) {
    ranking.add(image, scores.subarray(image * prototypes, (image + 1) * prototypes));
  }
  const best = ranking.best();
  expect(best.map((ranked) => ranked.map(({ image }) => image))).toEqual(topImages(scores, prototypes, count));
  best.forEach((ranked, prototype) => {
    for (const { image, score } of ranked) expect(score).toBe(scores[image * prototypes + prototype]);
  });
});
